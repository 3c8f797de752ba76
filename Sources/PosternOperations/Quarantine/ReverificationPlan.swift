package import PosternModel

/// What re-verification would do, without having done it.
package struct ReverificationPlan: Sendable, Equatable {
    /// What came of the checks.
    package let tally: ReverificationTally
    /// The request looked at last, `nil` when there was none: acting on the plan goes no further.
    package let last: DeliveryID?
    /// When the oldest and the newest of the requests that are valid now were received.
    package let received: ClosedRange<Timestamp>?

    /// Joins the values.
    package init(tally: ReverificationTally, last: DeliveryID?, received: ClosedRange<Timestamp>?) {
        self.tally = tally
        self.last = last
        self.received = received
    }
}
