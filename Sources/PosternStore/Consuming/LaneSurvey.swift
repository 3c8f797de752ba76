package import PosternModel

/// Who shares the lanes at this moment.
package struct LaneSurvey: Sendable, Equatable {
    /// How many lanes there are.
    package let lanes: Int
    /// How many consumers are alive, we included.
    package let consumers: Int
    /// The lanes nobody holds.
    package let free: [Lane]
    /// The lanes the database says are ours; we may not know of one whose grant was lost on the way.
    package let own: [Lane]

    /// Joins the fields.
    package init(lanes: Int, consumers: Int, free: [Lane], own: [Lane]) {
        self.lanes = lanes
        self.consumers = consumers
        self.free = free
        self.own = own
    }
}
