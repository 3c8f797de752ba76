internal import PosternStore

/// What became of rows of the retry queue, and what was counted, of one destination in one lane: to be stored with the
/// next settlement.
struct LooseEnds {
    var finished: [RetryEnd] = []
    var postponed: [PostponedDelivery] = []
    var deadLetters: [NewDeliveryDeadLetter] = []
    var attempts: [NewAttempt] = []
    var announcements: [Announcement] = []
    var minutes = DestinationTally()

    /// Whether there is nothing.
    var isEmpty: Bool {
        self.finished.isEmpty && self.postponed.isEmpty && self.deadLetters.isEmpty && self.attempts.isEmpty
            && self.announcements.isEmpty && self.minutes.isEmpty
    }
}
