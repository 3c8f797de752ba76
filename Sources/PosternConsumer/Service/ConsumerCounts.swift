internal import PosternStore

/// What a consumer has done since it started.
package struct ConsumerCounts: Sendable, Equatable {
    /// Batches committed.
    package var batches: Int64 = 0
    /// Batches given up because a lease was lost or a row was not where it had been found.
    package var refusedBatches: Int64 = 0
    /// Deliveries that became events, retries that succeeded included.
    package var normalized: Int64 = 0
    /// Events stored.
    package var events: Int64 = 0
    /// Events that were known already.
    package var duplicates: Int64 = 0
    /// Events of a kind their definition does not know.
    package var unrecognized: Int64 = 0
    /// Times a delivery went (back) to the retry queue.
    package var retried: Int64 = 0
    /// Retries that succeeded.
    package var recovered: Int64 = 0
    /// Deliveries that became dead letters.
    package var deadLettered: Int64 = 0

    /// Starts at nothing.
    package init() {}

    /// Adds a count of a batch.
    mutating func add(_ count: Int64, to outcome: TrafficOutcome) {
        switch outcome {
        case .normalized: self.normalized += count
        case .event: self.events += count
        case .duplicate: self.duplicates += count
        case .unrecognized: self.unrecognized += count
        case .retried: self.retried += count
        case .recovered: self.recovered += count
        case .deadLettered: self.deadLettered += count
        case .accepted, .handshake, .rejected, .shadowed: break
        }
    }
}
