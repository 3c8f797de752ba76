package import PosternModel

/// Who shares the lanes at this moment.
package struct LaneSurvey: Sendable, Equatable {
    /// How many lanes there are.
    package let lanes: Int
    /// How many consumers have a lease, we included when ours is not over.
    package let consumers: Int
    /// The lanes nobody with a lease owns.
    package let free: [Lane]
    /// The lanes the database says are ours; we may not know of one whose grant was lost on the way.
    package let own: [LeasedLane]

    /// Joins the fields.
    package init(lanes: Int, consumers: Int, free: [Lane], own: [LeasedLane]) {
        self.lanes = lanes
        self.consumers = consumers
        self.free = free
        self.own = own
    }
}
