/// What a platform's sender does, as far as it is known: what it takes for success, how long it waits, when it repeats.
package struct SenderFacts: Sendable {
    /// The answer it takes for success.
    package let answer: PlatformAnswer
    /// How long it waits for an answer.
    package let timeLimit: Duration?
    /// How long it repeats an unsuccessful delivery: zero for never, `nil` when unknown.
    package let retriesFor: Duration?
    /// Its schedule, in words.
    package let retries: String?
    /// Where its connections come from, in words.
    package let connections: String?
    /// By status code: an exact one, or the first digit of a class.
    private let statuses: [Int: SenderAction]

    /// What it does after a status code, `nil` when unknown; the exact code counts before its class.
    package func action(after status: Int) -> SenderAction? { self.statuses[status] ?? self.statuses[status / 100] }

    /// Success with an empty answer, and nothing known besides.
    static let unknown = SenderFacts(
        answer: PlatformAnswer(status: 200),
        timeLimit: nil,
        retriesFor: nil,
        retries: nil,
        connections: nil,
        statuses: [:]
    )

    init(
        answer: PlatformAnswer,
        timeLimit: Duration?,
        retriesFor: Duration?,
        retries: String?,
        connections: String?,
        statuses: [Int: SenderAction]
    ) {
        self.answer = answer
        self.timeLimit = timeLimit
        self.retriesFor = retriesFor
        self.retries = retries
        self.connections = connections
        self.statuses = statuses
    }
}
