package import PosternModel

/// What one exchange gave back.
package struct ShareAnswer: Equatable, Sendable {
    /// What other gateways told: lately, or of a limit that is new to this one.
    package let entries: [ShareEntry]
    /// The gateways that are alive, this one included, in ascending order.
    package let gateways: [UniqueID]
    /// A number all gateways agree on, or nearly, and that grows with each exchange: the store's time in intervals.
    package let epoch: Int64

    /// Joins the values.
    package init(entries: [ShareEntry], gateways: [UniqueID], epoch: Int64) {
        self.entries = entries
        self.gateways = gateways
        self.epoch = epoch
    }
}
