package import PosternModel
package import PosternOutbound

/// What came of a test event.
package struct DestinationProbeAnswer: Sendable, Equatable {
    /// The identifier the test event had.
    package let event: EventID
    package let answer: OutboundAnswer

    /// Joins the two.
    package init(event: EventID, answer: OutboundAnswer) {
        self.event = event
        self.answer = answer
    }

    /// What the answer would have meant for an event.
    package var verdict: AttemptVerdict { AttemptVerdict(self.answer) }

    /// Whether an event would have counted as delivered.
    package var isDelivered: Bool { self.verdict == .delivered }
}
