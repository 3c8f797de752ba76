package import PosternModel

/// A row of the retry queue that holds an event on its way, as it was read.
///
/// Who settles it says what it read: a row that is another by then is not ours to settle.
package struct RetryRow: Sendable, Hashable {
    package let lane: Lane
    package let id: RetryID
    package let destination: DestinationID
    /// Which retry it waits for, counted from 1; 0 for an event that waits for its turn and was not tried yet.
    package let attempt: Int32
    /// Whose turn it is; `nil` where the destination is not ordered.
    package let account: String?
    /// The dead letter it replays.
    package let deadLetter: DeadLetterID?
    /// The job whose replay it is.
    package let job: JobID?

    /// Joins the fields.
    package init(
        lane: Lane,
        id: RetryID,
        destination: DestinationID,
        attempt: Int32,
        account: String? = nil,
        deadLetter: DeadLetterID? = nil,
        job: JobID? = nil
    ) {
        self.lane = lane
        self.id = id
        self.destination = destination
        self.attempt = attempt
        self.account = account
        self.deadLetter = deadLetter
        self.job = job
    }

    /// Whether somebody asked for it; the destination's own counters leave replays out.
    package var isReplay: Bool { self.deadLetter != nil || self.job != nil }
}
