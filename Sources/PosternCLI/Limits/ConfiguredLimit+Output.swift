internal import PosternGateway
internal import PosternJSON
internal import PosternLimits
internal import PosternStore

extension ConfiguredLimit {
    /// The limit in words: `600/min, burst 100` or `unlimited`.
    var text: String {
        guard let rate = self.requestsPerMinute else { return "unlimited" }
        return "\(rate)/min, burst \(self.burst ?? rate)"
    }

    /// Whether it refuses.
    var mode: String { self.isShadow ? "shadow" : "enforced" }

    /// How many requests may come at once, as a gateway understands it; `nil` for any number.
    var burstInForce: Int? { LimitPolicy(name: "", self).limit?.burst }

    /// How many requests may come at once now, with so much used up; `nil` without a limit.
    func left(debtMicroseconds: Int64) -> Int? {
        guard let limit = LimitPolicy(name: "", self).limit else { return nil }
        var bucket = RateBucket()
        // No bucket's debt is as long as that: a bound on what the table holds.
        let debt = min(max(0, debtMicroseconds), Int64.max / 1_000_000)
        bucket.setDebt(nanoseconds: debt * 1000, now: 0)
        return bucket.remaining(limit, now: 0)
    }
}

extension JSONWriter {
    /// Writes the members of a limit: `requests_per_minute` and `burst`, null for none, and `mode`.
    mutating func members(of limit: ConfiguredLimit) {
        self.member("requests_per_minute", integer: limit.requestsPerMinute.map(Int64.init))
        self.member("burst", integer: limit.burstInForce.map(Int64.init))
        self.member("mode", string: limit.mode)
    }
}
