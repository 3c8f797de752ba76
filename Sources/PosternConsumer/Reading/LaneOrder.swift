package import PosternModel
package import PosternStore

/// Puts what one look has read into the order in which it is to be processed.
///
/// Within one writer the order is that of its sequence; between the writers of one lane it is that of the time of
/// storing, so that a sender whose requests went to two gateways finds its events in the order it sent them. A cursor
/// that gave as many rows as it may has more behind; other cursors of the lane are then followed only up to the time it
/// has reached. Bodies that were left out are taken as far as there is room for them; a lane stops where it ends.
package struct LaneOrder: Sendable, Equatable {
    /// Positions in what was read: lane after lane, in each lane by time.
    package private(set) var rows: [Int] = []
    /// The lanes that were read to their share; after a cut look the last lane may be missing.
    package private(set) var reached: Set<Lane> = []
    /// How many cursors had rows.
    package private(set) var cursors = 0
    /// Whether there is more to read at once.
    package private(set) var hasMore: Bool
    /// Whether some lane was not read to its share, for want of rows or room.
    package private(set) var isCut: Bool
    private var room: Int
    private var isRoomUntouched = true

    /// Arranges the rows of one look.
    ///
    /// - Parameters:
    ///   - deliveries: in the order of lane, writer and sequence.
    ///   - rowsPerCursor: how many one cursor was allowed to give.
    ///   - isCut: whether the look ended early; then the last lane is left for the next look, unless it is the only
    ///     one.
    ///   - room: how many bytes of bodies left out there is room for; one is taken in any case.
    package init(_ deliveries: [StoredDelivery], rowsPerCursor: Int, isCut: Bool, room: Int) {
        self.hasMore = isCut
        self.isCut = isCut
        self.room = room
        self.rows.reserveCapacity(deliveries.count)
        var start = 0
        while start < deliveries.count {
            let lane = deliveries[start].head.lane
            var runs: [Range<Int>] = []
            var end = start
            while end < deliveries.count, deliveries[end].head.lane == lane {
                let first = end
                let writer = deliveries[first].head.writer
                while end < deliveries.count, deliveries[end].head.lane == lane, deliveries[end].head.writer == writer {
                    end += 1
                }
                runs.append(first..<end)
            }
            self.cursors += runs.count
            // What a cut look has of its last lane may lack whole cursors, so its order would be wrong.
            if isCut, end == deliveries.count, start > 0 { break }
            if runs.contains(where: { $0.count >= rowsPerCursor }) { self.hasMore = true }
            if self.merge(runs, of: deliveries, rowsPerCursor: rowsPerCursor) {
                self.reached.insert(lane)
            } else {
                self.hasMore = true
                self.isCut = true
            }
            start = end
        }
    }

    /// Takes the rows of one lane; false when it had to stop for want of room.
    private mutating func merge(
        _ runs: [Range<Int>],
        of deliveries: [StoredDelivery],
        rowsPerCursor: Int
    ) -> Bool {
        let full = runs.count == 1 ? [] : runs.filter { $0.count >= rowsPerCursor }
        let horizon = full.map { deliveries[$0.upperBound - 1].head.storedAt }.min()
        var next = runs.map(\.lowerBound)
        while true {
            var earliest: Int?
            for run in runs.indices where next[run] < runs[run].upperBound {
                let time = deliveries[next[run]].head.storedAt
                if let horizon, time > horizon { continue }
                // Writers are few, so the first of equals is found by looking at each.
                if let best = earliest, deliveries[next[best]].head.storedAt <= time { continue }
                earliest = run
            }
            guard let run = earliest else { return true }
            guard self.takeRoom(deliveries[next[run]].missingBytes) else { return false }
            self.rows.append(next[run])
            next[run] += 1
        }
    }

    private mutating func takeRoom(_ bytes: Int) -> Bool {
        guard bytes > 0 else { return true }
        guard bytes <= self.room || self.isRoomUntouched else { return false }
        self.room -= bytes
        self.isRoomUntouched = false
        return true
    }
}
