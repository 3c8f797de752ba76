internal import NIOCore
internal import NIOHTTP1
internal import PosternModel

/// The times of one attempt, and how it ends.
struct Attempt: Sendable {
    /// When it began, on the wall clock.
    let startedAt: Timestamp
    /// When it must have ended.
    let deadline: NIODeadline
    /// How long it may take.
    let limit: Duration
    private let start: ContinuousClock.Instant

    /// Begins now.
    init(_ limit: Duration) {
        self.limit = max(limit, .zero)
        self.startedAt = .now()
        self.start = .now
        self.deadline = .now() + TimeAmount(self.limit)
    }

    /// Whether the deadline is still ahead.
    var hasTimeLeft: Bool { NIODeadline.now() < self.deadline }

    /// An end without an answer.
    func failed(_ failure: OutboundFailure, _ detail: String) -> OutboundAnswer {
        OutboundAnswer(
            result: .failed(failure, detail: OutboundFailure.detail(detail)),
            retryAfter: nil,
            text: "",
            startedAt: self.startedAt,
            duration: .now - self.start
        )
    }

    /// An end with an answer, of which at least the head came.
    func answered(_ collected: AnswerCollector.Collected) -> OutboundAnswer {
        guard let head = collected.head else { return self.failed(.protocol, "the answer has no status") }
        return OutboundAnswer(
            result: .answered(status: Int(head.status.code)),
            retryAfter: RetryAfter.read(head.headers.first(name: "retry-after"), at: .now()),
            text: AnswerText.make(collected.beginning),
            startedAt: self.startedAt,
            duration: .now - self.start
        )
    }
}
