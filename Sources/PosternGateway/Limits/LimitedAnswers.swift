internal import NIOHTTP1
package import PosternHTTP

/// The answers to requests over a limit: serialized once for each limit and wait, because a flood asks for the same again.
///
/// Belongs to its event loop.
///
/// Source: IETF httpapi, draft-ietf-httpapi-ratelimit-headers-10, "RateLimit header fields for HTTP" (`RateLimit`,
/// `RateLimit-Policy`); RFC 9110, section 10.2.3 (`Retry-After`); RFC 6585, section 4 (429).
package struct LimitedAnswers {
    private struct Key: Hashable {
        let tier: LimitTier
        let policy: LimitPolicy
        let status: Int
        let seconds: Int
    }

    private var answers: [Key: PreparedAnswer] = [:]
    private static let kept = 1024

    /// Makes an empty table.
    package init() {}

    /// The answer of a limit that lets the next request through in `seconds`.
    package mutating func answer(
        _ tier: LimitTier,
        _ policy: LimitPolicy,
        status: Int,
        seconds: Int
    ) -> PreparedAnswer {
        let key = Key(tier: tier, policy: policy, status: status, seconds: seconds)
        if let answer = self.answers[key] { return answer }
        if self.answers.count >= Self.kept { self.answers.removeAll(keepingCapacity: true) }
        let answer = Self.prepare(key)
        self.answers[key] = answer
        return answer
    }

    private static func prepare(_ key: Key) -> PreparedAnswer {
        let perMinute = key.policy.requestsPerMinute
        let body = RejectionBody.text(
            key.tier.rejection,
            limit: (key.tier, key.policy),
            retryAfterSeconds: key.seconds
        )
        return PreparedAnswer(
            status: HTTPResponseStatus(statusCode: key.status),
            text: body,
            fields: [
                ("Retry-After", "\(key.seconds)"),
                ("RateLimit-Policy", "\"\(key.tier.name)\";q=\(perMinute);w=60"),
                ("RateLimit", "\"\(key.tier.name)\";r=0;t=\(key.seconds)"),
                ("X-RateLimit-Limit", "\(perMinute)"),
                ("X-RateLimit-Remaining", "0"),
                ("X-RateLimit-Reset", "\(key.seconds)"),
            ]
        )
    }
}
