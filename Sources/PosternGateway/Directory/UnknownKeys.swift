/// Keys that were looked up and do not exist, for a while.
///
/// Bounded: a stranger who tries keys at random cannot make it grow. Belongs to its event loop; time is an argument.
package struct UnknownKeys {
    private var expiry: [String: ContinuousClock.Instant] = [:]
    private let limit: Int
    private let lifetime: Duration

    /// Makes an empty list of at most `limit` keys, each kept for `lifetime`.
    package init(limit: Int = 10_000, lifetime: Duration = .seconds(30)) {
        self.limit = limit
        self.lifetime = lifetime
    }

    /// Whether the key was found missing less than a lifetime ago.
    package func contains(_ key: Substring, at now: ContinuousClock.Instant) -> Bool {
        self.expiry[String(key)].map { end in now < end } ?? false
    }

    /// Notes that a key does not exist.
    package mutating func insert(_ key: String, at now: ContinuousClock.Instant) {
        if self.expiry.count >= self.limit { self.expiry.removeAll(keepingCapacity: true) }
        self.expiry[key] = now.advanced(by: self.lifetime)
    }

    /// Forgets everything: a new directory may hold any of them.
    package mutating func removeAll() { self.expiry.removeAll(keepingCapacity: true) }
}
