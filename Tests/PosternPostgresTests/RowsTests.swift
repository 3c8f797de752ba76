import PosternModel
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RowsTests {
    /// Sends one value to the server and reads it back.
    private func roundTrip<Value: Sendable>(
        _ type: PostgresType,
        _ append: @escaping @Sendable (inout ParameterBuffer) -> Void,
        _ read: @escaping @Sendable (Rows) throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            var parameters = ParameterBuffer()
            append(&parameters)
            return try read(connection.query(Statement("echo", "SELECT $1", [type]), parameters, within: .seconds(10)))
        }
    }

    @Test(arguments: [Int16.min, -1, 0, 1, .max])
    func `a smallint comes back`(value: Int16) async throws {
        let back = try await self.roundTrip(.int16, { $0.append(value) }, { try $0.int16(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: [Int32.min, -1, 0, 1, .max])
    func `an integer comes back`(value: Int32) async throws {
        let back = try await self.roundTrip(.int32, { $0.append(value) }, { try $0.int32(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: [Int64.min, .min + 1, -1, 0, 1, .max])
    func `a bigint comes back`(value: Int64) async throws {
        let back = try await self.roundTrip(.int64, { $0.append(value) }, { try $0.int64(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: [true, false])
    func `a boolean comes back`(value: Bool) async throws {
        let back = try await self.roundTrip(.bool, { $0.append(value) }, { try $0.bool(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: [Double(0), -0.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity])
    func `a double comes back`(value: Double) async throws {
        let back = try await self.roundTrip(.float64, { $0.append(value) }, { try $0.float64(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: ["", "a", "it's \"quoted\"; \\ ", "Grüße, 世界 👋", "\u{FFFF}\u{10FFFF}", "line\nline\u{1}"])
    func `a text comes back`(value: String) async throws {
        let back = try await self.roundTrip(.text, { $0.append(value) }, { try $0.text(0, 0) })
        #expect(back == value)
    }

    @Test(arguments: [[], [0], [0, 0, 0], Array(0...255)])
    func `bytes come back, zeros included`(value: [UInt8]) async throws {
        let back = try await self.roundTrip(.bytes, { $0.append(bytes: value) }, { try $0.bytes(0, 0) })
        #expect(back == value)
        let lent = try await self.roundTrip(.bytes, { $0.append(bytes: unsafe value.span.bytes) }) { rows in
            try rows.withBytes(0, 0) { $0.byteCount }
        }
        #expect(lent == value.count)
    }

    @Test func `a megabyte of zeros comes back`() async throws {
        let value = [UInt8](repeating: 0, count: 1_000_000)
        let back = try await self.roundTrip(.bytes, { $0.append(bytes: value) }, { try $0.bytes(0, 0) })
        let isSame = back == value
        #expect(isSame)
    }

    @Test(arguments: [
        UniqueID(high: 0, low: 0), UniqueID(high: .max, low: .max),
        UniqueID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
    ])
    func `an identifier comes back and reads as PostgreSQL writes it`(value: UniqueID) async throws {
        let back = try await self.roundTrip(
            .uuid,
            { $0.append(DeliveryID(value)) },
            { try $0.id(0, 0, as: DeliveryID.self) }
        )
        #expect(back == DeliveryID(value))
        let text = try await withConnection { connection in
            var parameters = ParameterBuffer()
            parameters.append(value)
            return try connection.query(Statement("t", "SELECT $1::text", [.uuid]), parameters, within: .seconds(5))
                .text(0, 0)
        }
        #expect(text == value.description)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01 00:00:00"), (-1, "1969-12-31 23:59:59.999999"),
        (946_684_800_000_000, "2000-01-01 00:00:00"), (946_684_799_999_999, "1999-12-31 23:59:59.999999"),
        (-62_135_596_800_000_000, "0001-01-01 00:00:00"), (253_402_300_799_999_999, "9999-12-31 23:59:59.999999"),
    ])
    func `a timestamp means the same to PostgreSQL`(microseconds: Int64, text: String) async throws {
        let (back, seen) = try await withConnection { connection in
            var parameters = ParameterBuffer()
            parameters.append(Timestamp(microseconds: microseconds))
            let statement = Statement("ts", "SELECT $1, ($1 AT TIME ZONE 'UTC')::text", [.timestamp])
            let rows = try connection.query(statement, parameters, within: .seconds(5))
            return (try rows.timestamp(0, 0), try rows.text(0, 1))
        }
        #expect(back == Timestamp(microseconds: microseconds))
        #expect(seen == text)
    }

    @Test(arguments: [
        (Int64(-210_866_803_200_000_000), "done"), (-210_866_803_200_000_001, "refused 22008"),
        (.min, "refused 22008"), (.min + 946_684_800_000_000, "refused 22008"),
        (.min + 946_684_800_000_001, "refused 22008"), (.max, "done"),
    ])
    func `a timestamp outside of PostgreSQL's range is refused`(microseconds: Int64, expected: String) async throws {
        let result = await outcome {
            try await self.roundTrip(
                .timestamp,
                { $0.append(Timestamp(microseconds: microseconds)) },
                { try $0.timestamp(0, 0) }
            )
        }
        #expect(result == expected)
    }

    @Test(arguments: ["'infinity'::timestamptz", "'-infinity'::timestamptz"])
    func `an infinite timestamp is refused when it is read`(expression: String) async throws {
        let result = await outcome {
            try await withConnection { connection in
                let statement = Statement("infinite", variant: expression.count, "SELECT \(expression)", [])
                return try connection.query(statement, within: .seconds(5)).timestamp(0, 0)
            }
        }
        #expect(result == "refused 22008")
    }

    @Test(arguments: [(Int64(0), "1970-01-01"), (-1, "1969-12-31"), (10_957, "2000-01-01"), (2_932_896, "9999-12-31")])
    func `a date means the same to PostgreSQL`(days: Int64, text: String) async throws {
        let (back, seen) = try await withConnection { connection in
            var parameters = ParameterBuffer()
            parameters.append(CivilDate(daysSince1970: days))
            let statement = Statement("day", "SELECT $1, $1::text", [.date])
            let rows = try connection.query(statement, parameters, within: .seconds(5))
            return (try rows.date(0, 0), try rows.text(0, 1))
        }
        #expect(back == CivilDate(daysSince1970: days))
        #expect(seen == text)
    }

    @Test(arguments: [Int64.min, -1_000_000_000_000, 1_000_000_000_000, .max, Int64(Int32.max) + 10_957])
    func `a date outside of PostgreSQL's range is refused`(days: Int64) async throws {
        let result = await outcome {
            try await self.roundTrip(.date, { $0.append(CivilDate(daysSince1970: days)) }, { try $0.date(0, 0) })
        }
        #expect(result == "refused 22008")
    }

    @Test func `an infinite date is refused when it is read`() async throws {
        let result = await outcome {
            try await withConnection { connection in
                try connection.query(Statement("d", "SELECT 'infinity'::date"), within: .seconds(5)).date(0, 0)
            }
        }
        #expect(result == "refused 22008")
    }

    @Test func `jsonb goes in as text and comes back as PostgreSQL writes it`() async throws {
        let back = try await self.roundTrip(
            .jsonb,
            { $0.append(jsonb: Array(#"{"b":1,"a":[true,null,"\u00e9"]}"#.utf8)) },
            { String(decoding: try $0.bytes(0, 0), as: UTF8.self) }
        )
        #expect(back == #"{"a": [true, null, "é"], "b": 1}"#)
    }

    @Test(arguments: ["", "{", "nope", #""\u0000""#, "\u{0}"])
    func `what is not JSON for PostgreSQL is refused`(text: String) async throws {
        let result = await outcome {
            try await self.roundTrip(.jsonb, { $0.append(jsonb: Array(text.utf8)) }, { $0.count })
        }
        #expect(result.hasPrefix("refused 22"))
    }

    @Test func `a text with U+0000 is refused`() async throws {
        let result = await outcome { try await self.roundTrip(.text, { $0.append("a\u{0}b") }, { $0.count }) }
        #expect(result == "refused 22021")
    }

    @Test func `NULL fits every type and reads as nil`() async throws {
        for type in PostgresType.allCases {
            let isNull = try await self.roundTrip(type, { $0.appendNull() }, { $0.isNull(0, 0) })
            #expect(isNull)
        }
        let values = try await withConnection { connection in
            let statement = Statement(
                "nulls",
                "SELECT NULL::bool, NULL::int2, NULL::int4, NULL::int8, NULL::float8, NULL::text, NULL::bytea, "
                    + "NULL::uuid, NULL::timestamptz, NULL::date"
            )
            let rows = try connection.query(statement, within: .seconds(5))
            return try [
                rows.boolOrNil(0, 0) == nil, rows.int16OrNil(0, 1) == nil, rows.int32OrNil(0, 2) == nil,
                rows.int64OrNil(0, 3) == nil, rows.float64OrNil(0, 4) == nil, rows.textOrNil(0, 5) == nil,
                rows.bytesOrNil(0, 6) == nil, rows.uuidOrNil(0, 7) == nil, rows.timestampOrNil(0, 8) == nil,
                rows.dateOrNil(0, 9) == nil, rows.idOrNil(0, 7, as: EventID.self) == nil,
            ]
        }
        #expect(values.allSatisfy { $0 })
    }

    @Test func `NULL in a read that expects a value is refused with the column's name`() async throws {
        do {
            _ = try await withConnection { connection in
                try connection.query(Statement("n", "SELECT NULL::int8 AS lag"), within: .seconds(5)).int64(0, 0)
            }
            Issue.record("read NULL")
        } catch PostgresError.refused(let sqlstate, let message) {
            #expect(sqlstate == "22004")
            #expect(message.contains("lag"))
        }
    }

    @Test func `a column of another type is refused`() async throws {
        let result = await outcome {
            try await withConnection { connection in
                try connection.query(Statement("n", "SELECT 1.5::numeric"), within: .seconds(5)).int64(0, 0)
            }
        }
        #expect(result == "refused 42804")
    }

    @Test func `smaller numbers, names and oids read as their larger kin`() async throws {
        let (numbers, texts, real) = try await withConnection { connection in
            let statement = Statement(
                "kin",
                "SELECT (-2)::int2, (-4)::int4, 4294967295::oid, relname, relkind, 0.5::real, 'x'::varchar, "
                    + "'y'::char(3), '{\"a\": 1}'::json FROM pg_class WHERE relname = 'pg_class'"
            )
            let rows = try connection.query(statement, within: .seconds(5))
            return (
                try [rows.int64(0, 0), rows.int64(0, 1), rows.int64(0, 2), Int64(rows.int32(0, 0))],
                try [rows.text(0, 3), rows.text(0, 4), rows.text(0, 6), rows.text(0, 7), rows.text(0, 8)],
                try rows.float64(0, 5)
            )
        }
        #expect(numbers == [-2, -4, 4_294_967_295, -2])
        #expect(texts == ["pg_class", "r", "x", "y  ", "{\"a\": 1}"])
        #expect(real == 0.5)
    }

    @Test func `affected counts the rows of a change`() async throws {
        let counts = try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE counted (n int)", within: .seconds(5))
            let insert = Statement("i", "INSERT INTO counted SELECT generate_series(1, 5)")
            let update = Statement("u", "UPDATE counted SET n = 0 WHERE n > 3")
            let delete = Statement("d", "DELETE FROM counted WHERE n = 7")
            return try [insert, update, delete].map { try connection.query($0, within: .seconds(5)).affected }
        }
        #expect(counts == [5, 2, 0])
    }
}
