internal import PosternJSON

/// The body of every answer that refuses a request.
enum RejectionBody {
    /// Writes it; `limit` names the limit, the tier and its rate for a request over one.
    static func text(
        _ rejection: Rejection,
        limit: (tier: LimitTier, policy: LimitPolicy)? = nil,
        retryAfterSeconds: Int?
    ) -> String {
        var body = JSONWriter()
        body.beginObject()
        body.member("success", boolean: false)
        body.member("message", string: rejection.message)
        body.member("code", string: rejection.code)
        body.name("errors")
        body.beginArray()
        body.endArray()
        if let limit {
            body.member("limit", string: limit.tier.name)
            body.member("tier", string: limit.policy.name)
            body.member("requests_per_minute", integer: limit.policy.requestsPerMinute)
        }
        body.member("suggested_action", string: rejection.suggestedAction)
        if let retryAfterSeconds { body.member("retry_after", integer: Int64(retryAfterSeconds)) }
        body.endObject()
        return body.text
    }
}
