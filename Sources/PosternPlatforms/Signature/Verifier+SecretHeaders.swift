extension Verifier {
    /// The headers whose value is the shared secret itself, in lower case: they must not be stored or logged.
    package var secretHeaderNames: [String] { self.platform.names(of: self.scheme.secretHeaders) }

    /// Whether the last part of the URL's path is the shared secret: it must not be stored or logged.
    package var hasTokenInPath: Bool { self.scheme.hasTokenInPath }
}

extension Platform {
    /// The same headers of all schemes: for an endpoint whose own cannot be used.
    package var secretHeaderNames: [String] { self.names(of: self.schemes.flatMap(\.secretHeaders)) }

    fileprivate func names(of slots: [HeaderSlot]) -> [String] {
        slots.map { slot in String(decoding: self.headers.names[slot.index], as: UTF8.self) }
    }
}
