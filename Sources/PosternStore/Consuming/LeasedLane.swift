package import PosternModel

/// A lane this consumer holds, with the number that proves it to the database.
package struct LeasedLane: Hashable, Sendable, Comparable {
    package let lane: Lane
    /// What `lanes.fence` was when the lane was claimed; a later owner has a higher one.
    package let fence: Int64

    /// Joins lane and fence.
    package init(lane: Lane, fence: Int64) {
        self.lane = lane
        self.fence = fence
    }

    package static func < (left: LeasedLane, right: LeasedLane) -> Bool { left.lane < right.lane }
}
