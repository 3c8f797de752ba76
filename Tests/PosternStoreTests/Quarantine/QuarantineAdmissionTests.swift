import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct QuarantineAdmissionTests {
    private static let within = StoreDatabase.deadline

    /// The operator's sessions, and requests in quarantine.
    private static func with(
        requests count: Int,
        bytes: Int = 1000,
        _ body:
            @escaping @Sendable (
                Administration, EndpointRecord, [QuarantinedRequest], inout WriterSession, inout Connection
            ) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            let requests = (0..<count).map { Quarantined.request($0, of: endpoint, bytes: bytes) }
            var gateway = try database.connect(.gateway)
            let limits = [endpoint.id: 1 << 28]
            _ = try QuarantineStore(sealing: try SealingKeys.ring()).store(
                requests,
                limits: limits,
                &gateway,
                within: Self.within
            )
            var writer = try WriterSession(
                ConnectionConfiguration(address: "\(database.address) user=postern_operator"),
                gateway: "reverify host-1"
            )
            try body(try SealingKeys.administration(), endpoint, requests, &writer, &operators)
        }
    }

    private static func left(_ connection: inout Connection) throws -> Int64 {
        try connection.number("SELECT count(*) FROM postern.quarantined_requests")
    }

    @Test func `puts requests into the log in order, and takes them out of quarantine`() async throws {
        try await Self.with(requests: 4) { administration, endpoint, requests, writer, connection in
            let secret = SecretID(UniqueID(high: 5, low: 6))
            let admissions = requests.dropLast().map { QuarantineAdmission($0, provedBy: secret) }
            let count = try administration.admit(
                admissions,
                of: endpoint,
                through: &writer,
                &connection,
                within: Self.within
            )
            #expect(count == 3)
            let rows = try connection.ask(
                """
                SELECT id, org_id, endpoint_id, secret_id, platform, headers, body, lane, seq FROM postern.deliveries
                WHERE writer = \(writer.writer) ORDER BY seq
                """
            )
            #expect(rows.count == 3)
            for row in 0..<rows.count {
                #expect(try rows.uuid(row, 0) == requests[row].id.id)
                #expect(try rows.uuid(row, 1) == endpoint.organization.id)
                #expect(try rows.uuid(row, 2) == endpoint.id.id)
                #expect(try rows.uuid(row, 3) == secret.id)
                #expect(try rows.text(row, 4) == "github")
                #expect(try rows.bytes(row, 5) == requests[row].content.headers)
                #expect(try rows.bytes(row, 6) == requests[row].content.body)
                #expect(try rows.int32(row, 7) == endpoint.lane.number)
                #expect(try rows.int64(row, 8) == Int64(row + 1))
            }
            #expect(
                try connection.texts("SELECT id FROM postern.quarantined_requests") == ["\(requests[3].id)"]
            )
            #expect(
                try OrdersEndpoint.audit(&connection).last == """
                    quarantine.admit | \(endpoint.id) | cli:alice | cli host-1 | {"last": "\(requests[2].id)", \
                    "first": "\(requests[0].id)", "requests": "3"}
                    """
            )
        }
    }

    @Test(arguments: [(0, 1000, 0), (1, 1000, 1), (256, 500, 1), (257, 500, 2), (5, 3 << 20, 3)])
    func `goes by batches of 256 requests and eight MiB`(count: Int, bytes: Int, batches: Int) async throws {
        try await Self.with(requests: count, bytes: bytes) { administration, endpoint, requests, writer, connection in
            let admissions = requests.map { QuarantineAdmission($0, provedBy: nil) }
            let admitted = try administration.admit(
                admissions,
                of: endpoint,
                through: &writer,
                &connection,
                within: Self.within
            )
            #expect(admitted == count)
            #expect(try Self.left(&connection) == 0)
            #expect(
                try connection.number("SELECT count(*) FROM postern.audit_log WHERE act = 'quarantine.admit'")
                    == Int64(batches)
            )
            #expect(
                try connection.number("SELECT count(*) FROM postern.deliveries WHERE secret_id IS NULL") == Int64(count)
            )
        }
    }

    @Test func `keeps a request in quarantine until it is in the log`() async throws {
        try await Self.with(requests: 2) { administration, endpoint, requests, writer, connection in
            // A deadline that has passed: nothing is committed, and the writer is lost.
            #expect(throws: ConfigurationError.self) {
                try administration.admit(
                    requests.map { QuarantineAdmission($0, provedBy: nil) },
                    of: endpoint,
                    through: &writer,
                    &connection,
                    within: .zero
                )
            }
            let left = try Self.left(&connection)
            #expect(left == 2)
        }
    }

    @Test func `deletes requests that stay invalid`() async throws {
        try await Self.with(requests: 3) { administration, endpoint, requests, _, connection in
            let ids = requests.prefix(2).map(\.id)
            #expect(
                try administration.discardQuarantined(ids, of: endpoint, &connection, within: Self.within) == 2
            )
            #expect(
                try administration.discardQuarantined(ids, of: endpoint, &connection, within: Self.within) == 0
            )
            #expect(try administration.discardQuarantined([], of: endpoint, &connection, within: Self.within) == 0)
            #expect(try connection.texts("SELECT id FROM postern.quarantined_requests") == ["\(requests[2].id)"])
            let acts = try connection.number(
                "SELECT count(*) FROM postern.audit_log WHERE act = 'quarantine.discard'"
            )
            #expect(acts == 2)
        }
    }
}
