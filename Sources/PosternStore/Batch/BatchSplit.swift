/// Cuts rows into batches that a statement can carry: few enough, and not too long together.
package enum BatchSplit {
    /// The most bytes of one batch, unless a single row is longer.
    package static let limitBytes = 8 * 1024 * 1024

    /// Gives the indexes of each batch, in order; none is empty.
    ///
    /// - Parameters:
    ///   - sizes: how many bytes each row has.
    ///   - rows: the most rows of a batch, at least 1.
    ///   - bytes: the most bytes of a batch; a row that is longer is a batch of its own.
    /// - Returns: consecutive ranges that cover all rows.
    package static func ranges(
        of sizes: [Int],
        rows: Int = BatchStatement.largest,
        bytes: Int = Self.limitBytes
    ) -> [Range<Int>] {
        precondition(rows > 0, "batches of \(rows) rows")
        var ranges: [Range<Int>] = []
        var start = 0
        var sum = 0
        for (index, size) in sizes.enumerated() {
            if index > start, index - start == rows || size > bytes - sum {
                ranges.append(start..<index)
                start = index
                sum = 0
            }
            sum += size
        }
        if start < sizes.count { ranges.append(start..<sizes.count) }
        return ranges
    }
}
