import PosternModel
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ArrayTests {
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

    @Test(arguments: [0, 1, 2, 1000])
    func `arrays of every type come back`(count: Int) async throws {
        let range = 0..<count
        let bools = range.map { $0 % 3 == 0 }
        #expect(try await self.roundTrip(.boolArray, { $0.append(bools) }, { try $0.bools(0, 0) }) == bools)
        let int16s = range.map { Int16($0) - 500 }
        #expect(try await self.roundTrip(.int16Array, { $0.append(int16s) }, { try $0.int16s(0, 0) }) == int16s)
        let int32s = range.map { Int32.max - Int32($0) }
        #expect(try await self.roundTrip(.int32Array, { $0.append(int32s) }, { try $0.int32s(0, 0) }) == int32s)
        let int64s = range.map { Int64.min + Int64($0) }
        #expect(try await self.roundTrip(.int64Array, { $0.append(int64s) }, { try $0.int64s(0, 0) }) == int64s)
        let doubles = range.map { Double($0) / 7 }
        #expect(try await self.roundTrip(.float64Array, { $0.append(doubles) }, { try $0.float64s(0, 0) }) == doubles)
        let texts = range.map { String(repeating: "é\",{}\\ NULL", count: $0 % 3) }
        #expect(try await self.roundTrip(.textArray, { $0.append(texts) }, { try $0.texts(0, 0) }) == texts)
        let bytes = range.map { [UInt8](repeating: 0, count: $0 % 5) }
        #expect(try await self.roundTrip(.bytesArray, { $0.append(bytes: bytes) }, { try $0.bytesList(0, 0) }) == bytes)
        let uuids = range.map { UniqueID(high: UInt64($0), low: .max - UInt64($0)) }
        #expect(try await self.roundTrip(.uuidArray, { $0.append(uuids) }, { try $0.uuids(0, 0) }) == uuids)
        let ids = uuids.map { EndpointID($0) }
        #expect(
            try await self.roundTrip(.uuidArray, { $0.append(ids) }, { try $0.ids(0, 0, as: EndpointID.self) }) == ids
        )
        let times = range.map { Timestamp(microseconds: -Int64($0)) }
        #expect(try await self.roundTrip(.timestampArray, { $0.append(times) }, { try $0.timestamps(0, 0) }) == times)
        let dates = range.map { CivilDate(daysSince1970: Int64($0) - 10) }
        #expect(try await self.roundTrip(.dateArray, { $0.append(dates) }, { try $0.dates(0, 0) }) == dates)
        let documents = range.map { Array("{\"n\": \($0)}".utf8) }
        #expect(
            try await self.roundTrip(.jsonbArray, { $0.append(jsonb: documents) }, { try $0.jsonbs(0, 0) }) == documents
        )
    }

    @Test func `NULL elements reach the server where the element type is optional`() async throws {
        let seen = try await withConnection { connection in
            let statement = Statement(
                "nulls",
                "SELECT array_to_string($1::int4[], ',', '-'), array_to_string($2::int8[], ',', '-'), "
                    + "array_to_string($3::text[], ',', '-'), array_to_string($4::uuid[], ',', '-'), "
                    + "array_to_string($5::uuid[], ',', '-'), cardinality($6::timestamptz[])::text, "
                    + "array_to_string($7::bytea[], ',', '-'), array_to_string($8::jsonb[], ',', '-')",
                [
                    .int32Array, .int64Array, .textArray, .uuidArray, .uuidArray, .timestampArray, .bytesArray,
                    .jsonbArray,
                ]
            )
            var parameters = ParameterBuffer()
            parameters.append([Int32?.none, 1])
            parameters.append([Int64?.some(2), nil])
            parameters.append([String?.some("a"), nil, "b"])
            parameters.append([UniqueID?.none])
            parameters.append([EventID?.none, nil])
            parameters.append([Timestamp?.none])
            parameters.append(bytes: [[1], nil] as [[UInt8]?])
            parameters.append(jsonb: [Array("1".utf8), nil] as [[UInt8]?])
            let rows = try connection.query(statement, parameters, within: .seconds(5))
            return try (0..<8).map { try rows.text(0, $0) }
        }
        #expect(seen == ["-,1", "2,-", "a,-,b", "-", "-,-", "1", "\\x01,-", "1,-"])
    }

    @Test(arguments: [
        ("ARRAY[1, NULL]::bigint[]", "refused 22004"), ("ARRAY[[1, 2], [3, 4]]::bigint[]", "refused 2202E"),
        ("ARRAY[1]::integer[]", "refused 42804"), ("'{}'::bigint[]", "done"), ("'[5:6]={1,2}'::bigint[]", "done"),
    ])
    func `an array that Swift cannot hold is refused when it is read`(expression: String, expected: String) async throws
    {
        let result = await outcome {
            try await withConnection { connection in
                let statement = Statement("a", variant: expression.count, "SELECT \(expression)", [])
                return try connection.query(statement, within: .seconds(5)).int64s(0, 0)
            }
        }
        #expect(result == expected)
    }

    @Test func `an infinite element is refused when it is read`() async throws {
        let result = await outcome {
            try await withConnection { connection in
                let statement = Statement("a", "SELECT ARRAY[now(), 'infinity'::timestamptz]")
                return try connection.query(statement, within: .seconds(5)).timestamps(0, 0)
            }
        }
        #expect(result == "refused 22008")
    }
}
