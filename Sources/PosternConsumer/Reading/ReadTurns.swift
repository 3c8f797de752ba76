package import PosternModel

/// Which lanes a worker reads next and how much of each, so that every lane gets its turn.
///
/// A look takes up to a number of rows from every cursor, as many as let all that had rows last time fit into one
/// batch. A look that was cut short (a burst, or large bodies) leaves lanes unread: they come first, before any other
/// lane is read again, and every cursor's share is halved. So a lane waits for one look more than its neighbors at
/// most, however much they hold.
package struct ReadTurns: Sendable {
    /// What to ask for.
    package struct Look: Sendable, Equatable {
        /// The lanes to read, in order.
        package let lanes: [Lane]
        /// The most rows of one cursor.
        package let rowsPerCursor: Int
    }

    /// The most rows of a batch.
    package let rowsInAll: Int
    /// The most rows of one cursor in a batch.
    package let rowsPerCursor: Int
    private var share: Int
    private var owed: [Lane] = []

    /// Starts with an eighth of the batch for each cursor.
    ///
    /// - Parameters:
    ///   - rowsInAll: at least 1.
    ///   - rowsPerCursor: at least 1.
    package init(rowsInAll: Int, rowsPerCursor: Int) {
        precondition(rowsInAll > 0 && rowsPerCursor > 0, "batches of \(rowsInAll) rows, \(rowsPerCursor) per cursor")
        self.rowsInAll = rowsInAll
        self.rowsPerCursor = rowsPerCursor
        self.share = max(1, min(rowsPerCursor, rowsInAll / 8))
    }

    /// What to read now, of the lanes the worker holds.
    package func next(of lanes: [Lane]) -> Look {
        let held = Set(lanes)
        let waiting = self.owed.filter(held.contains)
        return Look(lanes: waiting.isEmpty ? lanes : waiting, rowsPerCursor: self.share)
    }

    /// Learns from a look.
    ///
    /// - Parameters:
    ///   - look: what was asked for.
    ///   - reached: the lanes that were read to their share.
    ///   - cursors: how many cursors had rows.
    ///   - isCut: whether the look ended before all lanes were read.
    package mutating func finished(_ look: Look, reached: Set<Lane>, cursors: Int, isCut: Bool) {
        if isCut {
            self.owed = look.lanes.filter { !reached.contains($0) }
            self.share = max(1, look.rowsPerCursor / 2)
        } else {
            self.owed = []
            let fitting = self.rowsInAll / max(1, cursors)
            self.share = max(1, min(self.rowsPerCursor, look.rowsPerCursor * 2, fitting))
        }
    }

    /// Takes half as much from each cursor from now on: the last batch took too long.
    package mutating func shrink() { self.share = max(1, self.share / 2) }
}
