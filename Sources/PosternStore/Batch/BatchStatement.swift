package import PosternPostgres

/// A multi-row `INSERT` that is prepared in power-of-two sizes, so that any number of rows needs few round trips' worth
/// of statements and no statement is ever prepared for one batch alone.
///
/// A batch of n rows is sent as the binary digits of n, largest first, through a pipeline: 300 rows are
/// 256 + 32 + 8 + 4. `COPY` is refused under row-level security, and a Citus coordinator turns `INSERT … SELECT` into
/// `COPY`.
package struct BatchStatement: Sendable {
    /// The most rows one statement carries; more are sent as several of this size.
    package static let largest = 256

    /// The statement for 1, 2, 4 … ``largest`` rows.
    private let statements: [Statement]
    private let columns: Int

    /// Writes the statements; nothing is sent.
    ///
    /// - Parameters:
    ///   - name: the prepared statements are called `name.1` … `name.256`.
    ///   - target: table and columns: `postern.deliveries (lane, writer, …)`.
    ///   - types: one for each column, in order.
    ///   - casts: the type a column's parameter is cast to, by the column's index: `[15: "json"]`.
    ///   - suffix: what follows the rows: `ON CONFLICT DO NOTHING RETURNING key`.
    package init(
        _ name: StaticString,
        insertInto target: StaticString,
        _ types: [PostgresType],
        casts: [Int: StaticString] = [:],
        suffix: StaticString = ""
    ) {
        let count = types.count
        self.columns = count
        let casts = casts.mapValues { "::\($0)" }
        self.statements = (0...Self.largest.trailingZeroBitCount).map { power in
            let rows = 1 << power
            let values = (0..<rows).map { row in
                "(" + (0..<count).map { "$\(row * count + $0 + 1)" + (casts[$0] ?? "") }.joined(separator: ", ") + ")"
            }
            return Statement(
                name,
                variant: rows,
                "INSERT INTO \(target) VALUES \(values.joined(separator: ", ")) \(suffix)",
                (0..<rows).flatMap { _ in types }
            )
        }
    }

    /// How many rows each statement of a batch carries, in the order they are sent: `300` gives `[256, 32, 8, 4]`.
    ///
    /// The pipeline gives back one result for each.
    package static func sizes(of rows: Int) -> [Int] {
        precondition(rows >= 0, "a batch of \(rows) rows")
        var sizes = [Int](repeating: Self.largest, count: rows / Self.largest)
        var power = Self.largest / 2
        while power > 0 {
            if rows % Self.largest & power != 0 { sizes.append(power) }
            power /= 2
        }
        return sizes
    }

    /// Sends a batch.
    ///
    /// - Parameters:
    ///   - count: how many rows; none sends nothing.
    ///   - pipeline: where to; the results come back from it, one for each of ``sizes(of:)``.
    ///   - buffer: emptied and reused for each statement.
    ///   - append: appends the values of one row in the order of the columns; called once for each row, ascending.
    /// - Throws: what `append` and the pipeline throw.
    package func send(
        rows count: Int,
        to pipeline: inout Pipeline,
        using buffer: inout ParameterBuffer,
        _ append: (Int, inout ParameterBuffer) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        var row = 0
        for size in Self.sizes(of: count) {
            buffer.removeAll(keepingCapacity: true)
            for _ in 0..<size {
                try append(row, &buffer)
                row += 1
            }
            precondition(
                buffer.count == size * self.columns,
                "\(buffer.count) values for \(size) rows of \(self.columns)"
            )
            try pipeline.send(self.statements[size.trailingZeroBitCount], buffer)
        }
    }
}
