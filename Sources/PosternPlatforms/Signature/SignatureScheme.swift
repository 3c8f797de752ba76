/// One way in which a platform proves who sent a request; an endpoint uses exactly one.
package struct SignatureScheme: Sendable {
    /// The name an endpoint chooses it by.
    package let name: SchemeName
    /// Other names it is known by, such as those of test vectors.
    package let aliases: [String]
    /// Whether an endpoint must choose it in so many words.
    package let isOptIn: Bool
    /// The forms the proof may take; the first whose conditions hold is the one that counts.
    package let forms: [SignaturePlan]

    /// Whether this program can check every form of the scheme; if not, the name of what it cannot.
    package var unsupportedAlgorithm: String? {
        for form in self.forms {
            if case .unsupported(let algorithm) = form.method { return algorithm }
        }
        return nil
    }

    /// Whether an endpoint must hold a signing secret.
    package var needsSecret: Bool {
        self.forms.contains { form in
            switch form.method {
            case .hmac, .digest, .token, .urlToken: true
            case .none, .unsupported: false
            }
        }
    }

    /// Whether the proof covers the body, so that nobody can exchange it; worth showing where it does not.
    package var bindsBody: Bool { self.forms.allSatisfy(\.bindsBody) }

    /// Whether the secret is a part of the URL, which must then not be stored as it came.
    package var hasTokenInPath: Bool {
        self.forms.contains { form in
            switch form.method {
            case .urlToken: true
            case .hmac, .digest, .token, .none, .unsupported: false
            }
        }
    }

    /// The slots of the headers whose value is the shared secret itself.
    var secretHeaders: [HeaderSlot] {
        self.forms.compactMap { form in
            guard case .token(let plan) = form.method, case .header(let slot) = plan.location else { return nil }
            return slot
        }
    }

    /// Whether a decision needs the whole body in one piece, rather than as it arrives.
    package var needsWholeBody: Bool { self.forms.contains { $0.readsBody || !$0.streams } }

    /// The endpoint settings that are part of the signed message.
    package var parameterNames: [String] {
        self.forms.flatMap { form in form.message?.parts.compactMap(\.parameterName) ?? [] }
    }
}
