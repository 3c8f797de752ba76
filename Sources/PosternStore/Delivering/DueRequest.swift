package import PosternModel

/// A wish for the due retries of one destination in one lane.
package struct DueRequest: Sendable, Equatable {
    package let lane: Lane
    package let destination: DestinationID
    /// How many to bring at most, at least 1.
    package let limit: Int

    /// Joins the fields.
    package init(lane: Lane, destination: DestinationID, limit: Int) {
        self.lane = lane
        self.destination = destination
        self.limit = limit
    }
}
