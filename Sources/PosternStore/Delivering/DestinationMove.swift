package import PosternModel

/// The step of a destination's cursor, and what became of the events it steps over.
package struct DestinationMove: Sendable, Equatable {
    package let lane: Lane
    package let destination: DestinationID
    /// Where the cursor must stand.
    package let from: Int64
    package let to: Int64
    /// When the event at ``to`` was stored.
    package let storedAt: Timestamp
    /// How many were delivered at the first attempt.
    package let delivered: Int64
    /// How many went to the retry queue.
    package let handed: Int64
    /// How many became dead letters at once.
    package let buried: Int64
    /// How many the destination does not want.
    package let unsubscribed: Int64

    /// Joins the fields.
    package init(
        lane: Lane,
        destination: DestinationID,
        from: Int64,
        to: Int64,
        storedAt: Timestamp,
        delivered: Int64 = 0,
        handed: Int64 = 0,
        buried: Int64 = 0,
        unsubscribed: Int64 = 0
    ) {
        self.lane = lane
        self.destination = destination
        self.from = from
        self.to = to
        self.storedAt = storedAt
        self.delivered = delivered
        self.handed = handed
        self.buried = buried
        self.unsubscribed = unsubscribed
    }
}
