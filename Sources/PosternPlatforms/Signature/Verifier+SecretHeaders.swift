extension Verifier {
    /// The headers whose value is the shared secret itself, in lower case: they must not be stored or logged.
    package var secretHeaderNames: [String] {
        self.scheme.forms.compactMap { form -> String? in
            guard case .token(let plan) = form.method, case .header(let slot) = plan.location else { return nil }
            return String(decoding: self.platform.headers.names[slot.index], as: UTF8.self)
        }
    }
}
