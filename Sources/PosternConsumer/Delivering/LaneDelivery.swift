internal import PosternModel
internal import PosternStore

/// What is being delivered out of one lane, and what is not stored of it yet.
///
/// A value; belongs to the engine's task.
struct LaneDelivery {
    let lease: LeasedLane
    var followers: [DestinationID: LaneFollower] = [:]
    /// When it was found that the lane is to be given away.
    var leavingSince: ContinuousClock.Instant?

    /// Whether nothing is under way and nothing is left to store.
    var isSettled: Bool {
        self.followers.values.allSatisfy { follower in
            follower.inFlight == 0 && follower.looseEnds.isEmpty && follower.window.availableMove == nil
                && !follower.window.isMoving
        }
    }
}
