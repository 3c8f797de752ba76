package import PosternModel

/// What came of one attempt.
package struct OutboundAnswer: Sendable, Equatable {
    /// Whether a destination answered.
    package enum Result: Sendable, Equatable {
        /// It did, with this status.
        case answered(status: Int)
        /// It did not; `detail` says what happened, in one line for people.
        case failed(OutboundFailure, detail: String)
    }

    /// Whether the destination answered.
    package let result: Result
    /// When the destination wants to be asked again, from now; as it said, without a bound.
    package let retryAfter: Duration?
    /// The beginning of the answer's body: at most 4096 bytes, no NUL.
    package let text: String
    /// When the attempt began.
    package let startedAt: Timestamp
    /// How long it took.
    package let duration: Duration

    /// Joins the fields.
    package init(result: Result, retryAfter: Duration?, text: String, startedAt: Timestamp, duration: Duration) {
        self.result = result
        self.retryAfter = retryAfter
        self.text = text
        self.startedAt = startedAt
        self.duration = duration
    }
}
