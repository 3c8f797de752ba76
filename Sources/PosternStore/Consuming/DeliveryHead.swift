package import PosternModel

/// Where a delivery stands in the log.
package struct DeliveryHead: Sendable, Hashable {
    package let lane: Lane
    /// The number of the gateway session that wrote it.
    package let writer: Int64
    /// Its place among the writer's deliveries, counted from 1.
    package let sequence: Int64
    /// The writer's clock when it was stored; never goes back within one writer.
    package let storedAt: Timestamp

    /// Joins the fields.
    package init(lane: Lane, writer: Int64, sequence: Int64, storedAt: Timestamp) {
        self.lane = lane
        self.writer = writer
        self.sequence = sequence
        self.storedAt = storedAt
    }
}
