package import PosternModel

/// A cursor's step from one place in the log to a later one.
package struct CursorMove: Sendable, Hashable {
    package let lane: Lane
    package let writer: Int64
    /// The sequence before the first delivery of the batch: where the cursor must stand now.
    package let from: Int64
    /// The sequence of the last delivery of the batch.
    package let to: Int64
    /// The time of storing of the last delivery.
    package let storedAt: Timestamp
    /// How many deliveries lie between.
    package let deliveries: Int64

    /// Joins the fields.
    package init(lane: Lane, writer: Int64, from: Int64, to: Int64, storedAt: Timestamp, deliveries: Int64) {
        self.lane = lane
        self.writer = writer
        self.from = from
        self.to = to
        self.storedAt = storedAt
        self.deliveries = deliveries
    }
}
