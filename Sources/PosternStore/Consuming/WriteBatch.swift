package import PosternModel

/// Everything one batch changes, to be stored in one transaction or not at all.
package struct WriteBatch: Sendable {
    /// Who writes: the owner that must still stand at each lane.
    package var consumer: ConsumerID
    /// The time the batch is stored under.
    package var time: Timestamp
    /// Every lane the batch touches, in order.
    package var lanes: [LaneWork] = []
    /// The cursors that move.
    package var moves: [CursorMove] = []
    /// In the order they are to be numbered; those whose key is known are not stored.
    package var events: [NewEvent] = []
    package var retries: [NewRetry] = []
    package var deadLetters: [NewDeadLetter] = []
    /// What becomes of rows of the retry queue.
    package var settlements: [RetrySettlement] = []
    /// What becomes of dead letters whose replay ended with a row of the retry queue.
    package var replays: [ReplaySettlement] = []
    /// What is counted of this batch besides its events.
    package var tally = ConsumerTally()
    /// Counts of earlier batches that are still to be written.
    package var carried = ConsumerTally()
    /// Whether the counts are written with this batch; otherwise the receipt gives them back.
    package var writesTally = true

    /// Starts an empty batch.
    package init(consumer: ConsumerID, time: Timestamp) {
        self.consumer = consumer
        self.time = time
    }
}
