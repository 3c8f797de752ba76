internal import PosternCrypto
internal import PosternModel

/// Something a handshake request must know or name, or it is refused.
struct HandshakeRequirement: Sendable {
    /// What the value is compared with.
    enum Expectation: Sendable {
        /// Any active secret of this kind, in constant time.
        case secret(kind: String)
        /// One entry of the comma-separated list in this setting; anything when the setting is not made.
        case listed(parameter: String)
    }

    let value: Template
    let expectation: Expectation

    /// Tells whether the request meets the requirement.
    func holds(_ scope: ReferenceScope, _ secrets: HandshakeSecrets) -> Bool {
        guard let text = self.value.text(in: scope) else { return false }
        switch self.expectation {
        case .secret(let kind):
            var found = false
            for secret in secrets.secrets(of: kind) where !secret.bytes.isEmpty {
                if ConstantTime.equal(text.utf8.span, secret.bytes.span) { found = true }
            }
            return found
        case .listed(let parameter):
            guard let list = secrets.parameters[parameter], !list.isEmpty else { return true }
            return list.split(separator: ",").contains { entry in
                let blanks = entry.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
                return String(blanks) == text
            }
        }
    }
}
