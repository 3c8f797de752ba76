package import PosternModel

/// A secret that was not revoked, and how much it is used.
package struct SecretUse: Sendable, Equatable {
    package let id: SecretID
    package let kind: String
    package let createdAt: Timestamp
    /// When it stops, or stopped, being active by itself; `nil` for never.
    package let expiresAt: Timestamp?
    package let revokedAt: Timestamp?
    /// When it last proved a request; `nil` if it did not within the days that matches are kept.
    package let lastMatchedAt: Timestamp?
    /// How many requests it proved in the last 24 hours, and in what the oldest hour has beyond them.
    ///
    /// Zero means none in 24 hours: matches are kept by the hour, and the hour that is partly past counts whole.
    package let matchesIn24Hours: Int64

    /// Joins the values.
    package init(
        id: SecretID,
        kind: String,
        createdAt: Timestamp,
        expiresAt: Timestamp?,
        revokedAt: Timestamp?,
        lastMatchedAt: Timestamp?,
        matchesIn24Hours: Int64
    ) {
        self.id = id
        self.kind = kind
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastMatchedAt = lastMatchedAt
        self.matchesIn24Hours = matchesIn24Hours
    }
}
