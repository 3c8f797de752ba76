package import PosternModel

/// What is kept of one attempt at a destination.
package struct NewAttempt: Sendable, Equatable {
    /// The longest error that is kept, in bytes.
    package static let errorBytes = 1000

    package let lane: Lane
    package let startedAt: Timestamp
    package let organization: OrganizationID
    package let destination: DestinationID
    package let event: EventID
    /// Counted from 1.
    package let attempt: Int32
    package let duration: Duration
    /// `delivered`, or the code of the failure.
    package let outcome: String
    /// The HTTP status of the answer.
    package let status: Int32?
    /// The beginning of the answer.
    package let answer: String?
    /// What went wrong where there was no answer.
    package let error: String?

    /// Joins the fields; text that PostgreSQL cannot hold (NUL) is replaced, and long text cut.
    package init(
        lane: Lane,
        startedAt: Timestamp,
        organization: OrganizationID,
        destination: DestinationID,
        event: EventID,
        attempt: Int32,
        duration: Duration,
        outcome: String,
        status: Int32? = nil,
        answer: String? = nil,
        error: String? = nil
    ) {
        self.lane = lane
        self.startedAt = startedAt
        self.organization = organization
        self.destination = destination
        self.event = event
        self.attempt = attempt
        self.duration = duration
        self.outcome = outcome
        self.status = status
        self.answer = answer.map { StorableText.of($0, atMost: DeliveryFailure.answerBytes) }
        self.error = error.map { StorableText.of($0, atMost: Self.errorBytes) }
    }
}
