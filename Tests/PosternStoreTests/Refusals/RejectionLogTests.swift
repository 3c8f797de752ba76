import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct RejectionLogTests {
    private static let within = StoreDatabase.deadline

    private static func sample(_ number: Int, of endpoint: EndpointRecord, headers: [UInt8] = []) -> RejectionSample {
        RejectionSample(
            id: UniqueID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number)),
            organization: endpoint.organization,
            endpoint: endpoint.id,
            at: Timestamp(seconds: 1_700_000_000 + Int64(number)),
            reason: "signature_mismatch",
            address: "192.0.2.1",
            method: "POST",
            headers: headers
        )
    }

    private static func with(
        _ body: @escaping @Sendable (EndpointRecord, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            var gateway = try database.connect(.gateway)
            try body(endpoint, &gateway, &operators)
        }
    }

    /// The last part of the ids that are kept, newest first.
    private static func kept(_ endpoint: EndpointRecord, _ connection: inout Connection) throws -> [Int] {
        try RejectionReader.read(endpoint.id, limit: 1000, &connection, within: Self.within).map {
            Int($0.id.low & 0xFFFF)
        }
    }

    @Test func `gives back what it was given, newest first`() async throws {
        try await Self.with { endpoint, gateway, operators in
            let headers = Array(":target: /w/key\nhost: a\n".utf8)
            let samples = [2, 3, 1].map { Self.sample($0, of: endpoint, headers: headers) }
            try RejectionLog.append(samples, &gateway, within: Self.within)
            let records = try RejectionReader.read(endpoint.id, &operators, within: Self.within)
            #expect(records.map(\.id) == [3, 2, 1].map { Self.sample($0, of: endpoint).id })
            let newest = try #require(records.first)
            #expect(newest.at == Timestamp(seconds: 1_700_000_003))
            #expect(newest.reason == "signature_mismatch")
            #expect(newest.address == "192.0.2.1")
            #expect(newest.method == "POST")
            #expect(newest.headers == headers)
            #expect(try RejectionReader.read(endpoint.id, limit: 2, &operators, within: Self.within).count == 2)
            #expect(try RejectionReader.read(endpoint.id, limit: 0, &operators, within: Self.within).count == 0)
            #expect(try RejectionReader.read(endpoint.id, limit: -1, &operators, within: Self.within).count == 0)
        }
    }

    @Test(arguments: [99, 100, 101, 250])
    func `keeps the newest hundred of one batch`(count: Int) async throws {
        try await Self.with { endpoint, gateway, operators in
            try RejectionLog.append((0..<count).map { Self.sample($0, of: endpoint) }, &gateway, within: Self.within)
            let expected = Array((max(0, count - 100)..<count).reversed())
            #expect(try Self.kept(endpoint, &operators) == expected)
        }
    }

    @Test func `trims what batches before have left, each endpoint by itself`() async throws {
        try await Self.with { endpoint, gateway, operators in
            let other = try OrdersEndpoint.make(organization: "other", &operators)
            for start in stride(from: 0, to: 120, by: 40) {
                try RejectionLog.append(
                    (start..<start + 40).map { Self.sample($0, of: endpoint) } + [Self.sample(1000 + start, of: other)],
                    &gateway,
                    within: Self.within
                )
            }
            #expect(try Self.kept(endpoint, &operators) == Array((20..<120).reversed()))
            #expect(try Self.kept(other, &operators) == [1080, 1040, 1000])
        }
    }

    @Test func `takes a batch twice without keeping it twice`() async throws {
        try await Self.with { endpoint, gateway, operators in
            let samples = (0..<3).map { Self.sample($0, of: endpoint) }
            for _ in 0..<2 { try RejectionLog.append(samples, &gateway, within: Self.within) }
            #expect(try Self.kept(endpoint, &operators) == [2, 1, 0])
            try RejectionLog.append([], &gateway, within: Self.within)
        }
    }

    @Test func `keeps nothing of a batch that names an endpoint of another organization`() async throws {
        try await Self.with { endpoint, gateway, operators in
            let foreign = RejectionSample(
                id: UniqueID(high: 1, low: 1),
                organization: OrganizationID(UniqueID(high: 1, low: 2)),
                endpoint: endpoint.id,
                at: .now(),
                reason: "r",
                address: "a",
                method: "POST",
                headers: []
            )
            #expect(throws: PostgresError.self) {
                try RejectionLog.append([Self.sample(1, of: endpoint), foreign], &gateway, within: Self.within)
            }
            let kept = try Self.kept(endpoint, &operators)
            #expect(kept == [])
        }
    }

    @Test func `finds the oldest to keep by the index`() async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoints = try (0..<20).map { try OrdersEndpoint.make(organization: "org \($0)", &operators) }
            var gateway = try database.connect(.gateway)
            for endpoint in endpoints {
                let first = Int(endpoint.id.id.low & 0xFFFF_FFFF) << 8
                let samples = (0..<100).map { Self.sample(first + $0, of: endpoint) }
                try RejectionLog.append(samples, &gateway, within: Self.within)
            }
            var superuser = try database.connect()
            try superuser.run("ANALYZE postern.rejections")
            let plan = try gateway.plan(of: "rejections_trim", ["'\(endpoints[0].id)'", "100"])
            #expect(plan.contains("rejections_pkey") && !plan.contains("Seq Scan"), "\(plan)")
        }
    }

    @Test func `does not let the gateway read headers back`() async throws {
        try await Self.with { _, gateway, operators in
            let refusals = [
                try gateway.refuses("SELECT headers FROM postern.rejections"),
                try operators.refuses("DELETE FROM postern.rejections"),
            ]
            #expect(refusals == [true, true])
        }
    }
}
