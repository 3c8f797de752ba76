package import PosternModel

/// That a destination has retries waiting in a lane.
package struct WaitingDeliveries: Sendable, Hashable {
    package let lane: Lane
    package let destination: DestinationID
    /// When the first of them is due.
    package let earliest: Timestamp

    /// Joins the fields.
    package init(lane: Lane, destination: DestinationID, earliest: Timestamp) {
        self.lane = lane
        self.destination = destination
        self.earliest = earliest
    }
}
