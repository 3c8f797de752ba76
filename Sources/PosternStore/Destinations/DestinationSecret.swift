package import PosternModel

/// One active secret of a destination, opened: a key that signs requests, or the value of a header.
package struct DestinationSecret: Sendable, Equatable {
    /// What it is for: the word in the database.
    package enum Kind: String, Sendable, CaseIterable {
        case signing
        case header
    }

    package let id: SecretID
    /// The header's name; `nil` for a signing secret.
    package let name: String?
    package let secret: Secret
    package let createdAt: Timestamp
    /// When it stops being active; `nil` for a secret that stays until it is revoked.
    package let expiresAt: Timestamp?

    /// Joins the values.
    package init(id: SecretID, name: String?, secret: Secret, createdAt: Timestamp, expiresAt: Timestamp? = nil) {
        self.id = id
        self.name = name
        self.secret = secret
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether it is still used at `time`.
    package func isActive(at time: Timestamp) -> Bool { self.expiresAt.map { time < $0 } ?? true }

    /// What a sealed secret is bound to, so that it opens for no other destination and for no other purpose.
    package static func sealingContext(destination: DestinationID, kind: Kind, name: String?) -> [UInt8] {
        var context: [UInt8] = []
        for half in [destination.id.high, destination.id.low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                context.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        context.append(contentsOf: "destination.\(kind.rawValue)".utf8)
        if let name { context.append(contentsOf: ":\(name)".utf8) }
        return context
    }
}
