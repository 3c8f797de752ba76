internal import PosternStore

/// An event that was handed to the retry queue while its first attempt is under way.
///
/// The attempt settles the row, as that of any retry does; not before the row is stored.
struct HandedOverEvent {
    /// The row as whoever reads the queue would find it.
    let delivery: DueDelivery
    /// Whether the row is there.
    var isStored = false
    /// How the attempt ended, if it did before the row was there.
    var end: EndedAttempt?

    /// Notes what is to stand in the queue; it must have a time.
    init(_ row: NewDeliveryRetry) {
        guard let scheduledAt = row.scheduledAt else { preconditionFailure("event \(row.content.event) is never due") }
        self.delivery = DueDelivery(
            row: RetryRow(
                lane: row.content.lane,
                id: row.id,
                destination: row.content.destination,
                attempt: row.attempt,
                account: row.account
            ),
            content: row.content,
            scheduledAt: scheduledAt
        )
    }
}
