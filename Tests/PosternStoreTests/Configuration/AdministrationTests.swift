import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationTests {
    private static let within = StoreDatabase.deadline

    @Test func `makes an organization once`() async throws {
        try await OrdersEndpoint.with { administration, _, connection in
            #expect(throws: ConfigurationError.organizationExists(name: "acme")) {
                try administration.createOrganization(name: "acme", &connection, within: Self.within)
            }
            let id = try administration.createOrganization(
                name: "big",
                tier: "pro",
                requestsPerMinute: 5000,
                &connection,
                within: Self.within
            )
            let records = try administration.organizations(&connection, within: Self.within)
            #expect(records.map(\.name) == ["acme", "big"])
            #expect(records.map(\.requestsPerMinute) == [100, 5000])
            #expect(records.map(\.burst) == [100, 300])
            #expect(try administration.organization("big", &connection, within: Self.within) == id)
            #expect(try administration.organization("\(id)", &connection, within: Self.within) == id)
            #expect(try administration.organization("\(id)".uppercased(), &connection, within: Self.within) == id)
            #expect(throws: ConfigurationError.organizationNotFound("none")) {
                try administration.organization("none", &connection, within: Self.within)
            }
            let log = try OrdersEndpoint.audit(&connection)
            #expect(log.count == 3)
            #expect(
                log.last
                    == """
                    organization.create | big | cli:alice | cli host-1 | \
                    {"tier": "pro", "requests_per_minute": "5000"}
                    """
            )
        }
    }

    @Test(
        arguments: [
            ("", "standard", nil, "invalid_value"),
            (String(repeating: "é", count: 101), "standard", nil, "invalid_value"),
            ("x", "gold", nil, "unknown_tier"), ("x", "standard", 0, "invalid_value"),
            ("x", "standard", -1, "invalid_value"),
        ] as [(String, String, Int32?, String)]
    )
    func `refuses an organization with a value out of range, and keeps nothing of it`(
        name: String,
        tier: String,
        rate: Int32?,
        code: String
    ) async throws {
        try await OrdersEndpoint.with { administration, _, connection in
            let before = try OrdersEndpoint.audit(&connection)
            let error = #expect(throws: ConfigurationError.self) {
                try administration.createOrganization(
                    name: name,
                    tier: tier,
                    requestsPerMinute: rate,
                    &connection,
                    within: Self.within
                )
            }
            #expect(error?.code == code)
            #expect(try connection.number("SELECT count(*) FROM postern.organizations") == 1)
            #expect(try OrdersEndpoint.audit(&connection) == before)
        }
    }

    @Test(arguments: [1, 100])
    func `takes names of one to a hundred characters`(length: Int) async throws {
        try await OrdersEndpoint.with { administration, _, connection in
            let name = String(repeating: "é", count: length)
            _ = try administration.createOrganization(name: name, &connection, within: Self.within)
            #expect(
                try connection.number("SELECT count(*) FROM postern.organizations WHERE length(name) = \(length)") == 1
            )
        }
    }

    @Test func `changes limits and remembers the old ones`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            try administration.setLimits(
                of: endpoint.organization,
                tier: "free",
                requestsPerMinute: 20,
                burst: 40,
                &connection,
                within: Self.within
            )
            let record = try administration.organizations(&connection, within: Self.within).first
            #expect(record?.tier == "free")
            #expect(record?.requestsPerMinute == 20)
            #expect(record?.burst == 40)
            #expect(
                try OrdersEndpoint.audit(&connection).last == """
                    organization.limits | acme | cli:alice | cli host-1 | {"tier": "standard"} | \
                    {"tier": "free", "burst": "40", "requests_per_minute": "20"}
                    """
            )
            let nobody = OrganizationID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.organizationNotFound("\(nobody)")) {
                try administration.setLimits(
                    of: nobody,
                    tier: "free",
                    requestsPerMinute: nil,
                    burst: nil,
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test func `makes endpoints, whose names and keys are their own`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            func create(
                _ name: String,
                key: EndpointKey = .random(),
                platform: String = "github",
                organization: OrganizationID? = nil,
                tolerance: Int32? = nil
            ) throws -> EndpointRecord {
                try administration.createEndpoint(
                    NewEndpoint(
                        organization: organization ?? endpoint.organization,
                        platform: try #require(PlatformName(platform)),
                        name: name,
                        key: key,
                        toleranceSeconds: tolerance
                    ),
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.endpointExists(name: "orders")) { try create("orders") }
            #expect(throws: ConfigurationError.endpointKeyTaken) { try create("other", key: endpoint.key) }
            #expect(throws: ConfigurationError.invalid(field: "name", reason: "1 to 100 characters")) { try create("") }
            #expect(throws: ConfigurationError.invalid(field: "tolerance_seconds", reason: "0 or more")) {
                try create("late", tolerance: -1)
            }
            let nobody = OrganizationID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.organizationNotFound("lost")) {
                try create("lost", organization: nobody)
            }
            _ = try create("orders", platform: "stripe")
            _ = try create("exact", tolerance: 0)
            let listings = try administration.endpoints(&connection, within: Self.within)
            #expect(
                listings.map { "\($0.endpoint.platform) \($0.endpoint.name)" } == [
                    "github exact", "github orders", "stripe orders",
                ]
            )
            #expect(listings.allSatisfy { $0.organizationName == "acme" && $0.activeSecrets == 0 })
            #expect(listings[1].endpoint == endpoint)
            #expect(try administration.endpoints(of: nobody, &connection, within: Self.within) == [])
            #expect(try connection.number("SELECT count(*) FROM postern.audit_log WHERE act = 'endpoint.create'") == 3)
        }
    }

    @Test func `finds an endpoint by id, key, or a name that is its alone`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            for reference in ["\(endpoint.id)", endpoint.key.text, "orders"] {
                #expect(try administration.endpoint(reference, &connection, within: Self.within).endpoint == endpoint)
            }
            #expect(throws: ConfigurationError.endpointNotFound("none")) {
                try administration.endpoint("none", &connection, within: Self.within)
            }
            _ = try administration.createEndpoint(
                NewEndpoint(
                    organization: endpoint.organization,
                    platform: try #require(PlatformName("stripe")),
                    name: "orders"
                ),
                &connection,
                within: Self.within
            )
            let error = #expect(throws: ConfigurationError.self) {
                try administration.endpoint("orders", &connection, within: Self.within)
            }
            #expect(error?.code == "invalid_value")
        }
    }

    @Test func `disables, enables, routes and gives parameters, each with its line in the log`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            try administration.setState(.disabled, of: endpoint.id, &connection, within: Self.within)
            var now = try administration.endpoint("orders", &connection, within: Self.within).endpoint
            #expect(now.state == .disabled)
            try administration.setState(.enabled, of: endpoint.id, &connection, within: Self.within)
            try administration.setRoutesAccounts(true, of: endpoint.id, &connection, within: Self.within)
            try administration.setParameters(["a": "1"], of: endpoint.id, &connection, within: Self.within)
            let listing = try administration.endpoint("orders", &connection, within: Self.within)
            now = listing.endpoint
            #expect(now.state == .enabled)
            #expect(now.routesAccounts)
            #expect(now.parameters == ["a": "1"])
            #expect(listing.updatedAt > endpoint.createdAt)
            let log = try OrdersEndpoint.audit(&connection).dropFirst(2)
            let prefix = "\(endpoint.id) | cli:alice | cli host-1"
            #expect(
                log == [
                    #"endpoint.disable | \#(prefix) | {"state": "enabled"} | {"state": "disabled"}"#,
                    #"endpoint.enable | \#(prefix) | {"state": "disabled"} | {"state": "enabled"}"#,
                    #"endpoint.routing | \#(prefix) | {"routes_accounts": "false"} | {"routes_accounts": "true"}"#,
                    #"endpoint.parameters | \#(prefix) | {"parameters": "{}"} | {"parameters": "a"}"#,
                ]
            )
            let nobody = EndpointID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.endpointNotFound("\(nobody)")) {
                try administration.setState(.disabled, of: nobody, &connection, within: Self.within)
            }
        }
    }

    @Test func `maps an account to one organization`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let platform = try #require(PlatformName("meta"))
            let other = try administration.createOrganization(name: "other", &connection, within: Self.within)
            try administration.mapAccount(
                "42",
                on: platform,
                to: endpoint.organization,
                &connection,
                within: Self.within
            )
            try administration.mapAccount(
                "42",
                on: platform,
                to: endpoint.organization,
                &connection,
                within: Self.within
            )
            #expect(throws: ConfigurationError.accountTaken(platform: "meta", account: "42")) {
                try administration.mapAccount("42", on: platform, to: other, &connection, within: Self.within)
            }
            let nobody = OrganizationID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.organizationNotFound("\(nobody)")) {
                try administration.mapAccount("43", on: platform, to: nobody, &connection, within: Self.within)
            }
            #expect(
                try administration.accounts(&connection, within: Self.within)
                    == [AccountRecord(platform: platform, account: "42", organization: endpoint.organization)]
            )
            try administration.unmapAccount("42", on: platform, &connection, within: Self.within)
            #expect(throws: ConfigurationError.accountNotFound(platform: "meta", account: "42")) {
                try administration.unmapAccount("42", on: platform, &connection, within: Self.within)
            }
            #expect(try OrdersEndpoint.audit(&connection).filter { $0.hasPrefix("account.") }.count == 3)
        }
    }

    @Test func `tells gateways of every change`() async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            var connection = try database.connect(.operator)
            var gateway = try database.connect(.gateway)
            try gateway.listen("postern_directory")
            let organization = try administration.createOrganization(name: "acme", &connection, within: Self.within)
            #expect(try gateway.notifications(within: Self.within).map(\.payload) == ["organizations"])
            let platform = try #require(PlatformName("github"))
            let endpoint = try administration.createEndpoint(
                NewEndpoint(
                    organization: organization,
                    platform: platform,
                    name: "n",
                    secrets: [("signing", Secret("s"))]
                ),
                &connection,
                within: Self.within
            )
            #expect(try gateway.notifications(within: Self.within).map(\.payload).contains("endpoints"))
            try administration.setState(.disabled, of: endpoint.id, &connection, within: Self.within)
            var payloads: [String] = []
            while payloads.last != "endpoints" {
                payloads += try gateway.notifications(within: Self.within).map(\.payload)
            }
            try administration.mapAccount("1", on: platform, to: organization, &connection, within: Self.within)
            #expect(try gateway.notifications(within: Self.within).map(\.payload) == ["accounts"])
        }
    }

    @Test func `asks for a migration when there are no lanes`() async throws {
        try await OrdersEndpoint.with { _, _, _ in }
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run("DELETE FROM postern.lanes")
            let administration = try SealingKeys.administration()
            var connection = try database.connect(.operator)
            let organization = try administration.createOrganization(name: "acme", &connection, within: Self.within)
            let platform = try #require(PlatformName("github"))
            #expect(throws: ConfigurationError.notMigrated) {
                try administration.createEndpoint(
                    NewEndpoint(organization: organization, platform: platform, name: "n"),
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test func `keeps PostgreSQL's own error when it is none of ours`() async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            var admin = try database.connect(.admin)
            let error = #expect(throws: ConfigurationError.self) {
                try administration.createOrganization(name: "acme", &admin, within: Self.within)
            }
            #expect(error?.code == "database_error")
            guard case .database(.refused(let sqlstate, _)) = error else { return }
            #expect(sqlstate == "42501")
        }
    }
}
