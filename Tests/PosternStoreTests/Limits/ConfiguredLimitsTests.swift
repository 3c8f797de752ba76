import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// What the gateway's reader sees of limits, and hears of their change.
@Suite struct ConfiguredLimitsTests {
    private static let within = StoreDatabase.deadline

    private static func load(_ gateway: inout Connection) throws -> DirectoryContents {
        try DirectoryReader(opening: SealingKeys.ring()).load(&gateway, within: Self.within)
    }

    private static func with(
        _ body: @escaping @Sendable (Administration, EndpointRecord, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            var gateway = try database.connect(.gateway)
            try body(try SealingKeys.administration(), endpoint, &gateway, &operators)
        }
    }

    @Test func `are read with the directory`() async throws {
        try await Self.with { _, endpoint, gateway, operators in
            let contents = try Self.load(&gateway)
            let expected = OrganizationLimit(
                organization: endpoint.organization,
                tier: "standard",
                limit: ConfiguredLimit(requestsPerMinute: 100, burst: 100)
            )
            #expect(contents.organizations == [expected])
            #expect(contents.limits == (try LimitReader.scopes(&operators, within: Self.within)))
            let one = try DirectoryReader(opening: SealingKeys.ring()).load(
                key: endpoint.key,
                &gateway,
                within: Self.within
            )
            #expect(one.organizations == [expected])
            #expect(one.limits == [:])
        }
    }

    @Test func `are not read by those who only route`() async throws {
        try await StoreDatabase.with { database in
            var operators = try database.connect(.operator)
            _ = try OrdersEndpoint.make(&operators)
            var consumer = try database.connect(.consumer)
            let contents = try DirectoryReader().load(&consumer, within: Self.within)
            #expect(contents.endpoints.count == 1)
            #expect(contents.organizations == [] && contents.limits == [:])
        }
    }

    @Test func `follow an organization into another tier, its own numbers kept`() async throws {
        try await Self.with { administration, endpoint, gateway, operators in
            let organization = endpoint.organization
            func limit() throws -> (String?, ConfiguredLimit?) {
                let first = try Self.load(&gateway).organizations.first
                return (first?.tier, first?.limit)
            }
            try administration.setTier(of: organization, tier: "free", &operators, within: Self.within)
            #expect(try limit() == ("free", ConfiguredLimit(requestsPerMinute: 10, burst: 10)))
            try administration.setLimits(
                of: organization,
                tier: "free",
                requestsPerMinute: 33,
                burst: nil,
                &operators,
                within: Self.within
            )
            try administration.setTier(of: organization, tier: "pro", &operators, within: Self.within)
            #expect(try limit() == ("pro", ConfiguredLimit(requestsPerMinute: 33, burst: 300)))
            #expect(
                try OrdersEndpoint.audit(&operators).last == """
                    organization.tier | acme | cli:alice | cli host-1 | \
                    {"tier": "free", "requests_per_minute": "33"} | {"tier": "pro", "requests_per_minute": "33"}
                    """
            )
            try administration.setTier(
                of: organization,
                tier: "unlimited",
                clearOverrides: true,
                &operators,
                within: Self.within
            )
            #expect(try limit() == ("unlimited", .unlimited))
            #expect(
                try OrdersEndpoint.audit(&operators).last == """
                    organization.tier | acme | cli:alice | cli host-1 | \
                    {"tier": "pro", "requests_per_minute": "33"} | {"tier": "unlimited"}
                    """
            )
        }
    }

    @Test func `stay as they are when the tier or the organization is unknown`() async throws {
        try await Self.with { administration, endpoint, gateway, operators in
            let log = try OrdersEndpoint.audit(&operators)
            #expect(throws: ConfigurationError.unknownTier("gold")) {
                try administration.setTier(of: endpoint.organization, tier: "gold", &operators, within: Self.within)
            }
            let nobody = OrganizationID(UniqueID(high: 1, low: 2))
            #expect(throws: ConfigurationError.organizationNotFound("\(nobody)")) {
                try administration.setTier(of: nobody, tier: "free", &operators, within: Self.within)
            }
            #expect(throws: ConfigurationError.unknownTier("gold")) {
                try administration.setTierLimit("gold", .unlimited, &operators, within: Self.within)
            }
            #expect(try OrdersEndpoint.audit(&operators) == log)
            #expect(try Self.load(&gateway).organizations.map(\.tier) == ["standard"])
        }
    }

    @Test func `change for a whole tier, and for a scope`() async throws {
        try await Self.with { administration, _, gateway, operators in
            let limit = ConfiguredLimit(requestsPerMinute: 120, burst: 5, isShadow: true)
            try administration.setTierLimit("standard", limit, &operators, within: Self.within)
            #expect(try Self.load(&gateway).organizations.map(\.limit) == [limit])
            #expect(
                try OrdersEndpoint.audit(&operators).last == """
                    tier.limit | standard | cli:alice | cli host-1 | \
                    {"burst": "100", "shadow": "false", "requests_per_minute": "100"} | \
                    {"burst": "5", "shadow": "true", "requests_per_minute": "120"}
                    """
            )
            for scope in LimitScope.allCases {
                try administration.setScopeLimit(scope, limit, &operators, within: Self.within)
                #expect(try Self.load(&gateway).limits[scope] == limit)
                try administration.setScopeLimit(scope, .unlimited, &operators, within: Self.within)
                #expect(try Self.load(&gateway).limits[scope] == .unlimited)
            }
            #expect(
                try OrdersEndpoint.audit(&operators).last == """
                    scope.limit | global | cli:alice | cli host-1 | \
                    {"burst": "5", "shadow": "true", "requests_per_minute": "120"} | \
                    {"shadow": "false", "requests_per_minute": "unlimited"}
                    """
            )
        }
    }

    @Test(
        arguments: [
            (0, nil, "requests_per_minute"), (-1, nil, "requests_per_minute"),
            (100_000_001, nil, "requests_per_minute"), (1, 0, "burst"), (1, 100_000_001, "burst"),
        ] as [(Int32, Int32?, String)]
    )
    func `refuse numbers no limit can have`(rate: Int32, burst: Int32?, field: String) async throws {
        try await Self.with { administration, endpoint, _, operators in
            let limit = ConfiguredLimit(requestsPerMinute: rate, burst: burst)
            let refusal = ConfigurationError.invalid(field: field, reason: "1 to 100000000")
            #expect(throws: refusal) {
                try administration.setTierLimit("free", limit, &operators, within: Self.within)
            }
            #expect(throws: refusal) {
                try administration.setScopeLimit(.global, limit, &operators, within: Self.within)
            }
            #expect(throws: refusal) {
                try administration.setLimits(
                    of: endpoint.organization,
                    tier: "free",
                    requestsPerMinute: rate,
                    burst: burst,
                    &operators,
                    within: Self.within
                )
            }
            #expect(throws: refusal) {
                try administration.configureEndpoint(
                    endpoint.id,
                    EndpointChange(limit: .set(requestsPerMinute: rate, burst: burst)),
                    &operators,
                    within: Self.within
                )
            }
        }
    }

    @Test(arguments: [1, 100_000_000] as [Int32])
    func `take the smallest and the largest number`(number: Int32) async throws {
        try await Self.with { administration, endpoint, gateway, operators in
            let limit = ConfiguredLimit(requestsPerMinute: number, burst: number)
            try administration.setTierLimit("standard", limit, &operators, within: Self.within)
            try administration.setScopeLimit(.endpoint, limit, &operators, within: Self.within)
            try administration.configureEndpoint(
                endpoint.id,
                EndpointChange(limit: .set(requestsPerMinute: number, burst: number)),
                &operators,
                within: Self.within
            )
            let contents = try Self.load(&gateway)
            #expect(contents.organizations.map(\.limit) == [limit])
            #expect(contents.limits[.endpoint] == limit)
            #expect(contents.endpoints.map(\.requestsPerMinute) == [number])
        }
    }

    @Test func `are told to gateways when they change`() async throws {
        try await Self.with { administration, endpoint, gateway, operators in
            try gateway.listen("postern_directory")
            func heard() throws -> [String] { try gateway.notifications(within: Self.within).map(\.payload) }
            let limit = ConfiguredLimit(requestsPerMinute: 5)
            try administration.setTierLimit("free", limit, &operators, within: Self.within)
            #expect(try heard() == ["tiers"])
            try administration.setScopeLimit(.address, limit, &operators, within: Self.within)
            #expect(try heard() == ["gateway_limits"])
            try administration.setTier(of: endpoint.organization, tier: "free", &operators, within: Self.within)
            #expect(try heard() == ["organizations"])
            let change = EndpointChange(limit: .set(requestsPerMinute: 5, burst: nil))
            try administration.configureEndpoint(endpoint.id, change, &operators, within: Self.within)
            #expect(try heard() == ["endpoints"])
        }
    }
}
