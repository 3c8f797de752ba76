/// A lane a batch writes to, as it was when the batch was read.
package struct LaneWork: Sendable, Hashable {
    /// The lane and the fence that must still stand there.
    package let lease: LeasedLane
    /// The number of the lane's last event before the batch.
    package let eventNumber: Int64

    /// Joins the fields.
    package init(lease: LeasedLane, eventNumber: Int64) {
        self.lease = lease
        self.eventNumber = eventNumber
    }
}
