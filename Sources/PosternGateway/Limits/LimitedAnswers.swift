internal import NIOHTTP1
package import PosternHTTP
internal import PosternJSON
internal import PosternLimits

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
        let rejection = key.tier.rejection
        let perMinute = key.policy.limit?.requestsPerMinute ?? 0
        var body = JSONWriter()
        body.beginObject()
        body.member("success", boolean: false)
        body.member("message", string: rejection.message)
        body.member("code", string: rejection.code)
        body.name("errors")
        body.beginArray()
        body.endArray()
        body.member("limit", string: key.tier.name)
        body.member("tier", string: key.policy.name)
        body.member("requests_per_minute", integer: Int64(perMinute))
        body.member("suggested_action", string: rejection.suggestedAction)
        body.member("retry_after", integer: Int64(key.seconds))
        body.endObject()
        return PreparedAnswer(
            status: HTTPResponseStatus(statusCode: key.status),
            text: body.text,
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
