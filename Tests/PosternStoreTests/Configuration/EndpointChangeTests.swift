import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct EndpointChangeTests {
    private static let within = StoreDatabase.deadline

    private static func read(_ connection: inout Connection) throws -> EndpointRecord {
        try #require(try DirectoryReader().load(&connection, within: Self.within).endpoints.first)
    }

    @Test func `leaves alone what it does not name`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let all = EndpointChange(
                limit: .set(requestsPerMinute: 50, burst: 20),
                networks: .only(["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"]),
                quarantine: .set(bytes: 4096, hours: 720)
            )
            try administration.configureEndpoint(endpoint.id, all, &connection, within: Self.within)
            let changed = try Self.read(&connection)
            #expect(changed.requestsPerMinute == 50)
            #expect(changed.burst == 20)
            #expect(changed.allowedNetworks == ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"])
            #expect(changed.quarantineBytes == 4096)
            #expect(changed.quarantineHours == 720)
            let log = try OrdersEndpoint.audit(&connection)
            #expect(
                log.last == """
                    endpoint.configure | \(endpoint.id) | cli:alice | cli host-1 | {"burst": "", \
                    "allowed_networks": "", "quarantine_bytes": "", "quarantine_hours": "24", \
                    "requests_per_minute": ""} | {"burst": "20", \
                    "allowed_networks": "192.0.2.0/24 2001:db8::/32 198.51.100.7/32", "quarantine_bytes": "4096", \
                    "quarantine_hours": "720", "requests_per_minute": "50"}
                    """
            )
            try administration.configureEndpoint(endpoint.id, EndpointChange(), &connection, within: Self.within)
            #expect(try Self.read(&connection) == changed)
            #expect(try OrdersEndpoint.audit(&connection) == log)
        }
    }

    @Test func `takes back each part by itself`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let all = EndpointChange(
                limit: .set(requestsPerMinute: 50, burst: nil),
                networks: .only(["192.0.2.0/24"]),
                quarantine: .set(bytes: 1_073_741_824, hours: 1)
            )
            try administration.configureEndpoint(endpoint.id, all, &connection, within: Self.within)
            #expect(try Self.read(&connection).burst == nil)
            let steps: [(EndpointChange, (EndpointRecord) -> Bool)] = [
                (
                    EndpointChange(limit: .inherit),
                    { $0.requestsPerMinute == nil && $0.allowedNetworks != nil && $0.quarantineBytes != nil }
                ),
                (EndpointChange(networks: .any), { $0.allowedNetworks == nil && $0.quarantineBytes != nil }),
                (EndpointChange(quarantine: .off), { $0.quarantineBytes == nil && $0.quarantineHours == 1 }),
            ]
            for (change, holds) in steps {
                try administration.configureEndpoint(endpoint.id, change, &connection, within: Self.within)
                #expect(holds(try Self.read(&connection)), "\(change)")
            }
            #expect(
                try OrdersEndpoint.audit(&connection).last == """
                    endpoint.configure | \(endpoint.id) | cli:alice | cli host-1 | \
                    {"quarantine_bytes": "1073741824"} | {"quarantine_bytes": ""}
                    """
            )
        }
    }

    @Test(
        arguments: [
            (EndpointChange(quarantine: .set(bytes: 4095, hours: 24)), "quarantine_bytes"),
            (EndpointChange(quarantine: .set(bytes: 1_073_741_825, hours: 24)), "quarantine_bytes"),
            (EndpointChange(quarantine: .set(bytes: 4096, hours: 0)), "quarantine_hours"),
            (EndpointChange(quarantine: .set(bytes: 4096, hours: 721)), "quarantine_hours"),
            (EndpointChange(networks: .only([])), "allowed_networks"),
            (EndpointChange(networks: .only(Array(repeating: "192.0.2.1", count: 257))), "allowed_networks"),
            (EndpointChange(networks: .only(["192.0.2.1/24"])), "allowed_networks"),
            (EndpointChange(networks: .only(["192.0.2.0/33"])), "allowed_networks"),
            (EndpointChange(networks: .only(["here"])), "allowed_networks"),
        ]
    )
    func `is refused when a value is out of range`(change: EndpointChange, field: String) async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let error = #expect(throws: ConfigurationError.self) {
                try administration.configureEndpoint(endpoint.id, change, &connection, within: Self.within)
            }
            guard case .invalid(field, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let record = try Self.read(&connection)
            #expect(record == endpoint)
        }
    }

    @Test func `is refused for an endpoint that is not there`() async throws {
        try await OrdersEndpoint.with { administration, _, connection in
            let nobody = EndpointID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.endpointNotFound("\(nobody)")) {
                try administration.configureEndpoint(
                    nobody,
                    EndpointChange(networks: .any),
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test(
        arguments: [
            "requests_per_minute = 0", "burst = 0", "requests_per_minute = 100000001", "allowed_networks = '{}'",
            "allowed_networks = '{NULL}'", "quarantine_bytes = 4095", "quarantine_bytes = 1073741825",
            "quarantine_hours = 0", "quarantine_hours = 721", "quarantine_hours = NULL",
        ]
    )
    func `has bounds that the table keeps too`(assignment: String) async throws {
        try await OrdersEndpoint.with { _, _, connection in
            let error = #expect(throws: PostgresError.self) {
                _ = try connection.ask("UPDATE postern.endpoints SET \(assignment)")
            }
            guard case .conflict = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
