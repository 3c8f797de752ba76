package import PosternModel

/// What becomes of a row of the retry queue after its attempt.
package struct RetrySettlement: Sendable {
    /// The two ends of an attempt.
    package enum Outcome: Sendable {
        /// The row goes: recovered, or moved to the dead letters in the same batch.
        case finished
        /// The row waits for its next attempt.
        case postponed(attempt: Int32, scheduledAt: Timestamp, reason: String, detail: String)
    }

    package let lane: Lane
    /// The row's own identifier.
    package let id: UniqueID
    package let outcome: Outcome

    /// Joins the fields.
    package init(lane: Lane, id: UniqueID, outcome: Outcome) {
        self.lane = lane
        self.id = id
        self.outcome = outcome
    }
}
