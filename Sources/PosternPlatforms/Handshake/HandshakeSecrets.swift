package import PosternCrypto
package import PosternModel

/// What an endpoint needs to answer its platform's handshakes.
package struct HandshakeSecrets: Sendable {
    /// The newest active signing secret, its text used as the key.
    let signingKey: HMACKey?
    /// The endpoint's settings.
    let parameters: [String: String]
    private let byKind: [String: [Secret]]

    /// Takes the active secrets of an endpoint, newest first.
    package init(
        secrets: [(id: SecretID, kind: String, secret: Secret)],
        parameters: [String: String] = [:]
    ) throws(CryptoError) {
        var byKind: [String: [Secret]] = [:]
        for entry in secrets { byKind[entry.kind, default: []].append(entry.secret) }
        if let newest = byKind[SecretKind.signing]?.first, !newest.bytes.isEmpty {
            self.signingKey = try HMACKey(.sha256, key: newest)
        } else {
            self.signingKey = nil
        }
        self.byKind = byKind
        self.parameters = parameters
    }

    /// The active secrets of one kind.
    func secrets(of kind: String) -> [Secret] { self.byKind[kind] ?? [] }
}
