package import PosternHTTP
package import PosternPlatforms
package import PosternTelemetry

/// A platform with everything its endpoints answer serialized beforehand.
///
/// A class: each request holds on to one, and that is one reference.
package final class ServedPlatform: Sendable {
    /// The definition.
    package let platform: Platform
    /// The answer to a stored delivery.
    package let success: PreparedAnswer
    /// The answers to everything else.
    package let rejections: RejectionAnswers
    /// The status of an answer to a request over a limit: 429, or 503 where the sender would take 429 for the end.
    package let limitedStatus: Int
    /// The platform's counters.
    package let metrics: GatewayPlatformMetrics

    /// Serializes the answers of a platform.
    package init(_ platform: Platform, metrics: GatewayPlatformMetrics) {
        self.platform = platform
        self.metrics = metrics
        let answer = platform.sender.answer
        self.success = PreparedAnswer(answer)
        self.limitedStatus = Rejection.organizationLimited.status { status in platform.sender.action(after: status) }
        self.rejections = RejectionAnswers { status in platform.sender.action(after: status) }
    }
}
