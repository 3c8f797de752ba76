internal import PosternModel
internal import PosternStore

/// What one lane has in a settlement.
struct LaneShare {
    let epoch: Int
    var moves: [DestinationID: DeliveryWindow.Move] = [:]
    /// The lane's part alone, for when the whole is refused.
    var settlement: DeliverySettlement
}
