package import PosternModel

/// What one look at the log has read.
package struct DeliveryPage: Sendable {
    /// In the order of lane, writer and sequence.
    package let deliveries: [StoredDelivery]
    /// The number of the last event of each lane that had rows, as of the same snapshot.
    package let eventNumbers: [Lane: Int64]
    /// Whether the look ended at the limit of rows before every lane was read to its share.
    package let isCut: Bool
}
