import PosternPostgres
import PosternStore
import Testing

@Suite struct BatchStatementTests {
    @Test(
        arguments: [
            (0, []), (1, [1]), (2, [2]), (3, [2, 1]), (255, [128, 64, 32, 16, 8, 4, 2, 1]), (256, [256]),
            (257, [256, 1]),
            (300, [256, 32, 8, 4]), (511, [256, 128, 64, 32, 16, 8, 4, 2, 1]), (512, [256, 256]), (513, [256, 256, 1]),
        ] as [(Int, [Int])]
    )
    func `splits a batch into powers of two, largest first`(rows: Int, sizes: [Int]) {
        #expect(BatchStatement.sizes(of: rows) == sizes)
    }

    private static let inserting = BatchStatement(
        "batch_test",
        insertInto: "batch_test (number, word, data)",
        [.int64, .text, .text],
        casts: [2: "json"],
        suffix: "ON CONFLICT DO NOTHING RETURNING number"
    )

    @Test(arguments: [0, 1, 2, 3, 7, 255, 256, 257, 600])
    func `stores each row once and answers in the order of the rows`(count: Int) async throws {
        try await StoreDatabase.withEmpty { database in
            var connection = try database.connect()
            try connection.run("CREATE TABLE batch_test (number bigint PRIMARY KEY, word text, data json)")
            var buffer = ParameterBuffer()
            for round in [0, 1] {
                let results = try connection.pipeline(within: .seconds(10)) { pipeline throws(PostgresError) in
                    try Self.inserting.send(rows: count, to: &pipeline, using: &buffer) { row, buffer in
                        buffer.append(Int64(row))
                        buffer.append("word \(row)")
                        buffer.append("{\"n\": \(row)}")
                    }
                }
                #expect(results.count == BatchStatement.sizes(of: count).count)
                var numbers: [Int64] = []
                for rows in results {
                    for row in 0..<rows.count { numbers.append(try rows.int64(row, 0)) }
                }
                #expect(numbers == (round == 0 ? (0..<Int64(count)).map { $0 } : []))
            }
            #expect(
                try connection.number(
                    "SELECT count(*) FROM batch_test WHERE word = 'word ' || number AND (data->>'n')::int = number"
                )
                    == Int64(count)
            )
        }
    }

    @Test func `an error in reading a row undoes the batch`() async throws {
        try await StoreDatabase.withEmpty { database in
            var connection = try database.connect()
            try connection.run("CREATE TABLE batch_test (number bigint PRIMARY KEY, word text, data json)")
            var buffer = ParameterBuffer()
            #expect(throws: PostgresError.refused(sqlstate: "22000", message: "row 2")) {
                try connection.pipeline(within: .seconds(10)) { pipeline throws(PostgresError) in
                    try Self.inserting.send(rows: 3, to: &pipeline, using: &buffer) {
                        row,
                        buffer throws(PostgresError) in
                        if row == 2 { throw .refused(sqlstate: "22000", message: "row 2") }
                        buffer.append(Int64(row))
                        buffer.append("word")
                        buffer.append("1")
                    }
                }
            }
            #expect(try connection.number("SELECT count(*) FROM batch_test") == 0)
        }
    }
}
