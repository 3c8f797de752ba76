internal import PosternCrypto
package import PosternModel

/// The three header fields by which a destination knows that a message is ours and not an old one.
///
/// Source: Standard Webhooks specification, "Signature scheme" and "Webhook headers" (read 2026-11-21).
package struct MessageSignature: Sendable, Equatable {
    /// `webhook-id`: the same on every attempt.
    package let id: String
    /// `webhook-timestamp`: the time of the attempt, whole seconds since 1970-01-01 UTC.
    package let timestamp: String
    /// `webhook-signature`: one `v1,` signature for each secret, separated by blanks; `nil` without a secret.
    package let signature: String?

    /// Signs a body under all of `secrets`: while secrets change, each side of the change finds its own.
    package init(id: String, at time: Timestamp, body: [UInt8], secrets: [SigningSecret]) {
        let timestamp = String(time.seconds)
        self.id = id
        self.timestamp = timestamp
        guard let first = secrets.first else {
            self.signature = nil
            return
        }
        var fan = HMACFan(first.key, secrets.dropFirst().map(\.key))
        fan.update("\(id).\(timestamp).".utf8.span)
        fan.update(body.span)
        var signature = ""
        fan.finish { position, code in
            if position > 0 { signature += " " }
            signature += "v1,\(code.base64)"
        }
        self.signature = signature
    }
}
