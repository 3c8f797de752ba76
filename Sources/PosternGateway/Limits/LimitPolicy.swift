package import PosternLimits
package import PosternStore

/// A limit in force: how much, under which name, and whether it refuses or only counts.
package struct LimitPolicy: Hashable, Sendable {
    /// What the sender and the operator call it: the organization's tier, or the limit's own name.
    package let name: String
    /// How much is let through; `nil` for everything.
    package let limit: RateLimit?
    /// Whether what would be refused is counted only.
    package let isShadow: Bool

    /// The rate as answers state it; 0 where there is none.
    var requestsPerMinute: Int64 { Int64(self.limit?.requestsPerMinute ?? 0) }

    /// A policy that refuses nothing.
    package static func unlimited(_ name: String) -> LimitPolicy {
        LimitPolicy(name: name, limit: nil, isShadow: false)
    }

    /// Joins the values.
    package init(name: String, limit: RateLimit?, isShadow: Bool) {
        self.name = name
        self.limit = limit
        self.isShadow = isShadow
    }

    /// Takes what is configured; a burst that is not given is a minute's worth.
    package init(name: String, _ configured: ConfiguredLimit?) {
        self.init(
            name: name,
            limit: configured.flatMap { limit in Self.limit(limit.requestsPerMinute, limit.burst) },
            isShadow: configured?.isShadow ?? false
        )
    }

    /// The limit of two columns; `nil` where the rate is not bounded.
    static func limit(_ requestsPerMinute: Int32?, _ burst: Int32?) -> RateLimit? {
        guard let requestsPerMinute else { return nil }
        // Old rows may hold more than any limit: the largest one then.
        let range = ConfiguredLimit.range
        return RateLimit(
            requestsPerMinute: Int(min(requestsPerMinute, range.upperBound)),
            burst: Int(min(burst ?? requestsPerMinute, range.upperBound))
        )
    }
}
