import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct QuarantineStoreTests {
    private static let within = StoreDatabase.deadline

    /// A store, a gateway's session, the operator's, and an endpoint.
    private static func with(
        _ body: @escaping @Sendable (QuarantineStore, EndpointRecord, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            var gateway = try database.connect(.gateway)
            try body(QuarantineStore(sealing: try SealingKeys.ring()), endpoint, &gateway, &operators)
        }
    }

    @Test func `gives back what it keeps, opened and oldest first`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let requests = [3, 1, 2].map { Quarantined.request($0, of: endpoint) }
            let receipt = try store.store(requests, limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            #expect(receipt == QuarantineReceipt(stored: 3))
            let page = try store.page(of: endpoint.id, &operators, within: Self.within)
            #expect(page.requests == requests.sorted { $0.id < $1.id })
            #expect(page.faults == [])
            #expect(page.next == requests[0].id)
            let end = try store.page(of: endpoint.id, after: page.next, &operators, within: Self.within)
            #expect(end == QuarantinePage())
        }
    }

    @Test func `keeps nothing readable`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let request = Quarantined.request(of: endpoint)
            _ = try store.store([request], limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            let found = try operators.texts(
                """
                SELECT bytes || ' ' || octet_length(sealed) || ' ' || (position('hush'::bytea in sealed)
                    + position('bbbb'::bytea in sealed)) FROM postern.quarantined_requests
                """
            )
            #expect(found == ["1000 1000 0"])
            #expect(try gateway.refuses("SELECT sealed FROM postern.quarantined_requests"))
        }
    }

    @Test(arguments: [(7999, 7), (8000, 8), (8001, 8)])
    func `keeps what fits into the endpoint's bytes`(limit: Int, fits: Int) async throws {
        try await Self.with { store, endpoint, gateway, _ in
            let requests = (0..<10).map { Quarantined.request($0, of: endpoint, address: "192.0.2.\($0)") }
            let limits = [endpoint.id: limit]
            // In two goes: what is stored counts like what comes with it.
            let first = try store.store(Array(requests[..<5]), limits: limits, &gateway, within: Self.within)
            let second = try store.store(Array(requests[5...]), limits: limits, &gateway, within: Self.within)
            #expect(first == QuarantineReceipt(stored: 5))
            #expect(second == QuarantineReceipt(stored: fits - 5, full: 10 - fits))
        }
    }

    @Test(
        arguments: [
            (7999, "192.0.2.1", "192.0.2.1", 1), (8000, "192.0.2.1", "192.0.2.1", 2),
            (8000, "2001:db8:0:1:0:0:0:1", "2001:db8:0:1:ffff:0:0:2", 2),
            (8000, "192.0.2.1", "192.0.2.2", 4), (8000, "2001:db8:0:1:0:0:0:1", "2001:db8:0:2:0:0:0:1", 4),
        ]
    )
    func `gives one sender a quarter of the bytes, of IPv6 a /64`(
        limit: Int,
        one: String,
        other: String,
        fits: Int
    ) async throws {
        try await Self.with { store, endpoint, gateway, _ in
            let requests = (0..<6).map {
                Quarantined.request($0, of: endpoint, address: $0.isMultiple(of: 2) ? one : other)
            }
            let limits = [endpoint.id: limit]
            let first = try store.store([requests[0]], limits: limits, &gateway, within: Self.within)
            let rest = try store.store(Array(requests[1...]), limits: limits, &gateway, within: Self.within)
            #expect(first.stored + rest.stored == fits)
            #expect(first.full + rest.full == 6 - fits)
        }
    }

    @Test func `keeps a small request where a larger one found no room`() async throws {
        try await Self.with { store, endpoint, gateway, _ in
            let requests = [
                Quarantined.request(0, of: endpoint, bytes: 2001), Quarantined.request(1, of: endpoint, bytes: 2000),
            ]
            let receipt = try store.store(requests, limits: [endpoint.id: 8000], &gateway, within: Self.within)
            #expect(receipt == QuarantineReceipt(stored: 1, full: 1))
        }
    }

    @Test(arguments: [nil, 0, -1, Int.min] as [Int?])
    func `keeps nothing for an endpoint without quarantine`(limit: Int?) async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let limits = limit.map { [endpoint.id: $0] } ?? [:]
            let request = Quarantined.request(of: endpoint)
            let receipt = try store.store([request], limits: limits, &gateway, within: Self.within)
            #expect(receipt == QuarantineReceipt(stored: 0, full: 1))
            #expect(try operators.number("SELECT count(*) FROM postern.quarantined_requests") == 0)
        }
    }

    @Test func `counts each endpoint's bytes by themselves`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let other = try OrdersEndpoint.make(organization: "other", &operators)
            let requests = [
                Quarantined.request(0, of: endpoint), Quarantined.request(1, of: other),
                Quarantined.request(2, of: endpoint), Quarantined.request(3, of: other),
            ]
            let limits = [endpoint.id: 4000, other.id: 8000]
            let receipt = try store.store(requests, limits: limits, &gateway, within: Self.within)
            #expect(receipt == QuarantineReceipt(stored: 3, full: 1))
            let kept = try store.page(of: endpoint.id, &operators, within: Self.within).requests
            #expect(kept == [requests[0]])
        }
    }

    @Test func `stores a batch once, however often it is sent`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let requests = [Quarantined.request(0, of: endpoint)]
            for _ in 0..<3 {
                _ = try store.store(requests, limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            }
            #expect(try operators.number("SELECT count(*) FROM postern.quarantined_requests") == 1)
        }
    }

    @Test func `stores nothing of a batch that holds a request PostgreSQL refuses`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            var foreign = endpoint
            foreign = EndpointRecord(
                id: endpoint.id,
                organization: OrganizationID(UniqueID(high: 1, low: 2)),
                platform: endpoint.platform,
                key: endpoint.key,
                name: endpoint.name,
                lane: endpoint.lane,
                createdAt: endpoint.createdAt
            )
            let requests = [Quarantined.request(0, of: endpoint), Quarantined.request(1, of: foreign)]
            #expect(throws: PostgresError.self) {
                try store.store(requests, limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            }
            let kept = try operators.number("SELECT count(*) FROM postern.quarantined_requests")
            #expect(kept == 0)
        }
    }

    @Test func `holds the bound when gateways store at the same time`() async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            var first = try database.connect(.gateway)
            let store = QuarantineStore(sealing: try SealingKeys.ring())
            var isRefused = false
            try first.transaction(within: Self.within) { connection throws(PostgresError) in
                // What a gateway holds between counting and committing.
                _ = try connection.ask(
                    "SELECT pg_advisory_xact_lock(1886614646, \(Int32(truncatingIfNeeded: endpoint.id.id.low)))"
                )
                do throws(PostgresError) {
                    var second = try Connection(
                        ConnectionConfiguration(address: "\(database.address) user=postern_gateway")
                    )
                    _ = try store.store(
                        [Quarantined.request(of: endpoint)],
                        limits: [endpoint.id: 100_000],
                        &second,
                        within: .milliseconds(300)
                    )
                } catch .deadline {
                    isRefused = true
                }
            }
            #expect(isRefused)
        }
    }

    @Test func `ends a page after its count or eight MiB, and goes on where it ended`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let large = 3 * 1024 * 1024
            let requests = (0..<7).map {
                Quarantined.request($0, of: endpoint, bytes: $0 < 4 ? large : 1000, address: "192.0.2.\($0)")
            }
            let limits = [endpoint.id: 1 << 26]
            _ = try store.store(requests, limits: limits, &gateway, within: Self.within)
            var sizes: [Int] = []
            var read: [QuarantinedRequest] = []
            var next: DeliveryID?
            repeat {
                let page = try store.page(of: endpoint.id, after: next, count: 3, &operators, within: Self.within)
                sizes.append(page.requests.count)
                read += page.requests
                next = page.next
            } while next != nil
            #expect(sizes == [3, 3, 1, 0])
            #expect(read == requests)
            let whole = try store.page(of: endpoint.id, &operators, within: Self.within)
            #expect(whole.requests.count == 3)
        }
    }

    @Test func `leaves out what has expired`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let requests = [
                Quarantined.request(0, of: endpoint, expiresIn: .seconds(-1)), Quarantined.request(1, of: endpoint),
            ]
            _ = try store.store(requests, limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            let page = try store.page(of: endpoint.id, &operators, within: Self.within)
            #expect(page.requests == [requests[1]])
        }
    }

    @Test func `names what it cannot open, and goes on`() async throws {
        try await Self.with { store, endpoint, gateway, operators in
            let requests = (0..<4).map { Quarantined.request($0, of: endpoint) }
            let limits = [endpoint.id: 100_000]
            let stranger = QuarantineStore(sealing: try SealingKeys.ring(2))
            _ = try store.store([requests[0], requests[2]], limits: limits, &gateway, within: Self.within)
            _ = try stranger.store([requests[1]], limits: limits, &gateway, within: Self.within)
            let page = try store.page(of: endpoint.id, &operators, within: Self.within)
            #expect(page.requests == [requests[0], requests[2]])
            #expect(page.faults.map(\.id) == [requests[1].id])
            #expect(page.next == requests[2].id)
            let both = QuarantineStore(sealing: try SealingKeys.ring(2, others: [1]))
            #expect(try both.page(of: endpoint.id, &operators, within: Self.within).requests.count == 3)
        }
    }

    @Test func `opens no request that was moved to another place`() async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            let other = try OrdersEndpoint.make(organization: "other", &operators)
            var gateway = try database.connect(.gateway)
            let store = QuarantineStore(sealing: try SealingKeys.ring())
            let requests = (0..<2).map { Quarantined.request($0, of: endpoint) }
            _ = try store.store(requests, limits: [endpoint.id: 100_000], &gateway, within: Self.within)
            var superuser = try database.connect()
            try superuser.run(
                """
                UPDATE postern.quarantined_requests SET endpoint_id = '\(other.id)', org_id = '\(other.organization)'
                WHERE id = '\(requests[0].id)';
                UPDATE postern.quarantined_requests SET id = gen_random_uuid() WHERE id = '\(requests[1].id)'
                """
            )
            for moved in [endpoint, other] {
                let page = try store.page(of: moved.id, &operators, within: Self.within)
                #expect(page.requests == [])
                #expect(page.faults.map(\.reason) == [.notOpened(.authenticationFailed)])
            }
        }
    }

    @Test func `adds up an endpoint's bytes without reading the requests`() async throws {
        try await Self.with { store, endpoint, gateway, _ in
            _ = try store.store(
                [Quarantined.request(of: endpoint)],
                limits: [endpoint.id: 100_000],
                &gateway,
                within: Self.within
            )
            _ = try gateway.ask("SET enable_seqscan = off")
            let plan = try gateway.plan(of: "quarantine_usage", ["'\(endpoint.id)'", "'{192.0.2.1}'"])
            #expect(plan.contains("quarantined_requests_of_endpoint"), "\(plan)")
        }
    }
}
