/// Rows in aligned columns, for a terminal.
struct TextTable {
    private var rows: [[String]]

    /// Starts with the column titles.
    init(_ titles: String...) { self.rows = [titles] }

    /// Adds a row with a cell for each title.
    mutating func add(_ cells: String...) { self.rows.append(cells) }

    /// The table; two spaces between columns, none at the end of a line.
    var text: String {
        let columns = self.rows[0].indices.map { column in self.rows.map { row in row[column].count }.max() ?? 0 }
        return self.rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: columns[column] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
