package import PosternModel

/// What becomes of a dead letter whose replay has ended.
package struct ReplaySettlement: Sendable {
    /// The two ends of a replay.
    package enum Outcome: Sendable {
        /// The letter is resolved; these of the batch's events, by position, came of it.
        case resolved(events: Range<Int>)
        /// The letter is open again, with the new reason and so many more attempts.
        case reopened(reason: String, detail: String, attempts: Int32, definitionVersion: Int32?)
    }

    package let lane: Lane
    package let letter: DeadLetterID
    /// The row of the retry queue; the letter must still name it.
    package let replay: UniqueID
    package let outcome: Outcome

    /// Joins the fields.
    package init(lane: Lane, letter: DeadLetterID, replay: UniqueID, outcome: Outcome) {
        self.lane = lane
        self.letter = letter
        self.replay = replay
        self.outcome = outcome
    }
}
