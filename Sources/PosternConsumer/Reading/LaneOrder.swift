package import PosternModel
package import PosternStore

/// Puts what one look has read into the order in which it is to be processed.
///
/// Within one writer the order is that of its sequence; between the writers of one lane it is that of the time of
/// storing, so that a sender whose requests went to two gateways finds its events in the order it sent them. A cursor
/// that gave as many rows as it may has more behind; other cursors of the lane are then followed only up to the time it
/// has reached.
package struct LaneOrder: Sendable, Equatable {
    /// Positions in what was read: lane after lane, in each lane by time.
    package let rows: [Int]
    /// The lanes that were read to their share; after a cut look the last lane may be missing.
    package let reached: Set<Lane>
    /// How many cursors had rows.
    package let cursors: Int
    /// Whether a cursor has more behind what was read.
    package let hasMore: Bool

    /// Arranges the rows of one look.
    ///
    /// - Parameters:
    ///   - heads: in the order of lane, writer and sequence.
    ///   - rowsPerCursor: how many one cursor was allowed to give.
    ///   - isCut: whether the look ended early; then the last lane is left for the next look, unless it is the only
    ///     one.
    package init(_ heads: [DeliveryHead], rowsPerCursor: Int, isCut: Bool) {
        var rows: [Int] = []
        rows.reserveCapacity(heads.count)
        var reached: Set<Lane> = []
        var cursors = 0
        var hasMore = isCut
        var start = 0
        while start < heads.count {
            let lane = heads[start].lane
            var runs: [Range<Int>] = []
            var end = start
            while end < heads.count, heads[end].lane == lane {
                let first = end
                let writer = heads[first].writer
                while end < heads.count, heads[end].lane == lane, heads[end].writer == writer { end += 1 }
                runs.append(first..<end)
            }
            cursors += runs.count
            // What a cut look has of its last lane may lack whole cursors, so its order would be wrong.
            if isCut, end == heads.count, start > 0 { break }
            if runs.contains(where: { $0.count >= rowsPerCursor }) { hasMore = true }
            reached.insert(lane)
            Self.merge(runs, of: heads, rowsPerCursor: rowsPerCursor, into: &rows)
            start = end
        }
        self.rows = rows
        self.reached = reached
        self.cursors = cursors
        self.hasMore = hasMore
    }

    private static func merge(
        _ runs: [Range<Int>],
        of heads: [DeliveryHead],
        rowsPerCursor: Int,
        into rows: inout [Int]
    ) {
        if runs.count == 1 {
            rows.append(contentsOf: runs[0])
            return
        }
        let horizon = runs.filter { $0.count >= rowsPerCursor }.map { heads[$0.upperBound - 1].storedAt }.min()
        var next = runs.map(\.lowerBound)
        while true {
            var earliest: Int?
            for run in runs.indices where next[run] < runs[run].upperBound {
                let time = heads[next[run]].storedAt
                if let horizon, time > horizon { continue }
                // Writers are few, so the first of equals is found by looking at each.
                if let best = earliest, heads[next[best]].storedAt <= time { continue }
                earliest = run
            }
            guard let run = earliest else { return }
            rows.append(next[run])
            next[run] += 1
        }
    }
}
