import PosternCrypto
import PosternModel
import PosternOperations
import PosternPlatforms
import PosternPostgres
import PosternStore
import Testing

/// A quarantine of many requests, from the plan to the log.
@Suite(.serialized) struct ReverificationTests {
    private static let within = OperationsDatabase.deadline

    /// A stripe endpoint whose only secret is "right".
    private static func endpoint(_ connection: inout Connection) throws -> EndpointRecord {
        let administration = try OperationsDatabase.administration()
        let organization = try administration.createOrganization(name: "acme", &connection, within: Self.within)
        return try administration.createEndpoint(
            NewEndpoint(
                organization: organization,
                platform: try #require(PlatformName("stripe")),
                name: "payments",
                secrets: [(kind: "signing", secret: Secret("right"))]
            ),
            &connection,
            within: Self.within
        )
    }

    /// A request that came `number` milliseconds after the first; every third one is forged.
    private static func request(_ number: Int, of endpoint: EndpointRecord) throws -> QuarantinedRequest {
        try Refused.request(
            of: endpoint,
            signedWith: number % 3 == 2 ? "forged" : "right",
            body: #"{"id":"evt_\#(number)"}"#,
            at: Refused.time.advanced(by: .milliseconds(number))
        )
    }

    private static func store(
        _ requests: [QuarantinedRequest],
        of endpoint: EndpointRecord,
        _ database: OperationsDatabase
    ) throws {
        var gateway = try database.connect("gateway")
        let receipt = try QuarantineStore(sealing: try OperationsDatabase.keyring()).store(
            requests,
            limits: [endpoint.id: 1 << 26],
            &gateway,
            within: Self.within
        )
        #expect(receipt.stored == requests.count)
    }

    private static func prepare(
        _ endpoint: EndpointRecord,
        _ connection: inout Connection
    ) throws -> Reverification {
        try Reverification.prepare(
            key: endpoint.key,
            catalog: try Refused.catalog.get(),
            sealing: try OperationsDatabase.keyring(),
            &connection,
            within: Self.within
        )
    }

    private static func admit(
        _ plan: ReverificationPlan,
        _ reverification: Reverification,
        _ database: OperationsDatabase,
        _ connection: inout Connection
    ) throws -> ReverificationTally {
        var writer = try WriterSession(database.configuration("operator"), gateway: "reverify test")
        let tally = try reverification.admit(
            plan,
            acting: try OperationsDatabase.administration(),
            through: &writer,
            &connection,
            within: Self.within
        )
        try writer.retire()
        return tally
    }

    private static func number(_ sql: String, _ connection: inout Connection) throws -> Int64 {
        try connection.ask(sql).int64(0, 0)
    }

    private static func bodies(_ connection: inout Connection) throws -> [String] {
        let rows = try connection.ask("SELECT body FROM postern.deliveries ORDER BY writer, seq")
        return try (0..<rows.count).map { row in String(decoding: try rows.bytes(row, 0), as: UTF8.self) }
    }

    @Test func `a plan over several pages counts and changes nothing`() async throws {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            let count = Reverification.pageSize * 2 + 1
            try Self.store(try (0..<count).map { try Self.request($0, of: endpoint) }, of: endpoint, database)
            let reverification = try Self.prepare(endpoint, &connection)
            var pages: [Int] = []
            let plan = try reverification.plan(&connection, within: Self.within) { pages.append($0.count) }
            #expect(pages == [256, 512, 513])
            #expect(plan.tally.count == count)
            #expect(plan.tally.validCount == 342)
            #expect(plan.tally.valid.count == 1, "one secret")
            #expect(plan.tally.refused == [.signatureMismatch: 171])
            #expect(plan.received == Refused.time...Refused.time.advanced(by: .milliseconds(511)))
            #expect(try Self.number("SELECT count(*) FROM postern.deliveries", &connection) == 0)
            #expect(
                try Self.number("SELECT count(*) FROM postern.quarantined_requests", &connection) == Int64(count)
            )
        }
    }

    @Test func `the proven ones enter the log in the order they came, the others stay, a second run finds none`()
        async throws
    {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            let count = Reverification.pageSize + 44
            let requests = try (0..<count).map { try Self.request($0, of: endpoint) }
            try Self.store(requests.shuffled(), of: endpoint, database)
            let reverification = try Self.prepare(endpoint, &connection)
            let plan = try reverification.plan(&connection, within: Self.within)
            let done = try Self.admit(plan, reverification, database, &connection)
            #expect(done == plan.tally)
            let expected = (0..<count).filter { $0 % 3 != 2 }.map { #"{"id":"evt_\#($0)"}"# }
            #expect(try Self.bodies(&connection) == expected)
            #expect(try Self.number("SELECT count(*) FROM postern.quarantined_requests", &connection) == 100)
            #expect(
                try Self.number(
                    "SELECT sum((after->>'requests')::bigint)::bigint FROM postern.audit_log WHERE act = 'quarantine.admit'",
                    &connection
                ) == Int64(expected.count)
            )
            #expect(
                try Self.number("SELECT count(*) FROM postern.writers WHERE closed_at IS NULL", &connection) == 0
            )
            let again = try reverification.plan(&connection, within: Self.within)
            #expect(again.tally.validCount == 0 && again.tally.refused == [.signatureMismatch: 100])
            #expect(try Self.admit(again, reverification, database, &connection).validCount == 0)
            #expect(try Self.bodies(&connection).count == expected.count)
        }
    }

    @Test func `what comes after the plan was made is left alone`() async throws {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            try Self.store([try Self.request(0, of: endpoint)], of: endpoint, database)
            let reverification = try Self.prepare(endpoint, &connection)
            let plan = try reverification.plan(&connection, within: Self.within)
            try Self.store([try Self.request(1, of: endpoint)], of: endpoint, database)
            let done = try Self.admit(plan, reverification, database, &connection)
            #expect(done.count == 1 && done.validCount == 1)
            #expect(try Self.bodies(&connection) == [#"{"id":"evt_0"}"#])
            #expect(try Self.number("SELECT count(*) FROM postern.quarantined_requests", &connection) == 1)
        }
    }

    @Test func `an empty quarantine is an empty plan, and acting on it nothing`() async throws {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            let reverification = try Self.prepare(endpoint, &connection)
            let plan = try reverification.plan(&connection, within: Self.within)
            #expect(plan == ReverificationPlan(tally: ReverificationTally(), last: nil, received: nil))
            #expect(try Self.admit(plan, reverification, database, &connection).count == 0)
        }
    }

    @Test func `requests sealed with another key are counted and left`() async throws {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            var gateway = try database.connect("gateway")
            let other = SealingKeyring(primary: try SealingKey([UInt8](repeating: 2, count: 32)))
            _ = try QuarantineStore(sealing: other).store(
                [try Self.request(0, of: endpoint)],
                limits: [endpoint.id: 1 << 20],
                &gateway,
                within: Self.within
            )
            try Self.store([try Self.request(1, of: endpoint)], of: endpoint, database)
            let reverification = try Self.prepare(endpoint, &connection)
            let plan = try reverification.plan(&connection, within: Self.within)
            #expect(plan.tally.unreadable == 1 && plan.tally.validCount == 1)
            #expect(try Self.admit(plan, reverification, database, &connection) == plan.tally)
            #expect(try Self.number("SELECT count(*) FROM postern.quarantined_requests", &connection) == 1)
        }
    }

    @Test func `a key nobody has and a secret that stays closed are errors`() async throws {
        try await OperationsDatabase.with { database in
            var connection = try database.connect("operator")
            let endpoint = try Self.endpoint(&connection)
            let catalog = try Refused.catalog.get()
            func code(_ key: EndpointKey, _ keyring: SealingKeyring) -> String? {
                do throws(ReverificationError) {
                    _ = try Reverification.prepare(
                        key: key,
                        catalog: catalog,
                        sealing: keyring,
                        &connection,
                        within: Self.within
                    )
                    return nil
                } catch {
                    return error.code
                }
            }
            #expect(code(.random(), try OperationsDatabase.keyring()) == "endpoint_not_found")
            let other = SealingKeyring(primary: try SealingKey([UInt8](repeating: 2, count: 32)))
            #expect(code(endpoint.key, other) == "secret_not_opened")
            #expect(code(endpoint.key, try OperationsDatabase.keyring()) == nil)
        }
    }
}
