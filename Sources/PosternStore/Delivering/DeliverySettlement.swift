package import PosternModel

/// Everything that a round of attempts changes, to be stored in one transaction or not at all.
///
/// A settlement that moves no cursor and ends or postpones no retry has nothing to compare: stored twice, it counts
/// twice.
package struct DeliverySettlement: Sendable {
    /// Who settles: the owner that must still stand at each lane.
    package var consumer: ConsumerID
    /// The time it is stored under.
    package var time: Timestamp
    /// Every lane the settlement touches.
    package var leases: [LeasedLane]
    /// The cursors that move; several of one cursor in the order of their numbers.
    package var moves: [DestinationMove] = []
    /// First attempts that failed and will be tried again, and events that wait behind such.
    package var retries: [NewDeliveryRetry] = []
    package var deadLetters: [NewDeliveryDeadLetter] = []
    /// The rows of the retry queue that end.
    package var finished: [RetryEnd] = []
    /// The rows of the retry queue that wait on.
    package var postponed: [PostponedDelivery] = []
    package var attempts: [NewAttempt] = []
    package var announcements: [Announcement] = []
    package var minutes = DestinationTally()

    /// Starts an empty settlement.
    package init(consumer: ConsumerID, time: Timestamp, leases: [LeasedLane]) {
        self.consumer = consumer
        self.time = time
        self.leases = leases
    }

    /// Whether there is nothing to store.
    package var isEmpty: Bool {
        self.moves.isEmpty && self.retries.isEmpty && self.deadLetters.isEmpty && self.finished.isEmpty
            && self.postponed.isEmpty && self.attempts.isEmpty && self.announcements.isEmpty && self.minutes.isEmpty
    }
}
