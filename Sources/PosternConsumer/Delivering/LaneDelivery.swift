internal import PosternModel
internal import PosternStore

/// What is being delivered out of one lane, and what is not stored of it yet.
///
/// A value; belongs to the engine's task.
struct LaneDelivery {
    let lease: LeasedLane
    /// New with every reading of the lane's cursors: attempts of an earlier one change nothing any more.
    let epoch: Int
    var followers: [DestinationID: LaneFollower] = [:]
    /// How many attempts are under way.
    var inFlight = 0
    /// When it was found that the lane is to be given away.
    var leavingSince: ContinuousClock.Instant?

    // Of the retry queue, to be stored with the next settlement.
    var finished: [RetryEnd] = []
    var postponed: [PostponedDelivery] = []
    var deadLetters: [NewDeliveryDeadLetter] = []
    var attempts: [NewAttempt] = []
    var announcements: [Announcement] = []
    var minutes = DestinationTally()

    /// Whether something can be stored, moves of cursors aside.
    var hasLooseEnds: Bool {
        !self.finished.isEmpty || !self.postponed.isEmpty || !self.deadLetters.isEmpty || !self.attempts.isEmpty
            || !self.minutes.isEmpty
    }

    /// Whether nothing is under way and nothing is left to store.
    var isSettled: Bool {
        self.inFlight == 0 && !self.hasLooseEnds
            && self.followers.values.allSatisfy { $0.window.availableMove == nil && !$0.window.isMoving }
    }

    /// Forgets what a settlement has taken along.
    mutating func takenLooseEnds() {
        self.finished = []
        self.postponed = []
        self.deadLetters = []
        self.attempts = []
        self.announcements = []
        self.minutes = DestinationTally()
    }
}
