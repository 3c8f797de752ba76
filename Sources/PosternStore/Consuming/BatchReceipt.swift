/// What a committed batch has stored.
package struct BatchReceipt: Sendable {
    /// How many events are new.
    package var stored: Int = 0
    /// How many events were known already.
    package var duplicates: Int = 0
    /// Counts that were not written yet; empty when the batch wrote them.
    package var tally = ConsumerTally()
}
