package import PosternModel

/// What a committed batch has stored.
package struct BatchReceipt: Sendable {
    /// How many events are new.
    package var stored: Int = 0
    /// How many events were known already.
    package var duplicates: Int = 0
    /// The number of the last event of each lane of the batch, after it.
    package var eventNumbers: [Lane: Int64] = [:]
    /// What was counted of this batch, its events among it.
    package var counted = ConsumerTally()
    /// Counts that were not written yet, those of earlier batches among them; empty when the batch wrote them.
    package var unwritten = ConsumerTally()
}
