internal import PosternModel
internal import PosternStore

/// Where cursors stand while the deliveries of one look are stored one by one.
struct CursorTrail {
    private struct Key: Hashable {
        let lane: Lane
        let writer: Int64
    }

    private var positions: [Key: Int64] = [:]

    /// Gives the item with its cursor where the item before has left it, and moves on to it.
    mutating func follow(_ item: WorkItem) -> WorkItem {
        guard case .log(let delivery) = item.origin else { return item }
        let key = Key(lane: delivery.head.lane, writer: delivery.head.writer)
        let cursor = self.positions.updateValue(delivery.head.sequence, forKey: key) ?? delivery.cursor
        return WorkItem(
            origin: .log(StoredDelivery(head: delivery.head, cursor: cursor, content: delivery.content)),
            normalization: item.normalization,
            endpoint: item.endpoint
        )
    }
}
