import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DestinationReaderTests {
    private static let within = StoreDatabase.deadline

    private static func read(
        _ shop: ShopDestination,
        key: UInt8 = 1,
        others: [UInt8] = []
    ) throws -> DestinationContents {
        var consumer = try shop.database.connect(.consumer)
        return try DestinationReader.all(
            opening: try SealingKeys.ring(key, others: others),
            &consumer,
            within: Self.within
        )
    }

    @Test func `brings consumers everything, with secrets opened, newest first`() async throws {
        try await ShopDestination.with { shop, connection in
            _ = try shop.administration.rotateDestinationSecret(
                Secret("two"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            _ = try shop.administration.setDestinationHeader(
                "X-Shop",
                Secret("value"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            let subscription = try shop.administration.addSubscription(
                NewSubscription(typeGlob: "a.*"),
                to: shop.id,
                &connection,
                within: Self.within
            )
            let contents = try Self.read(shop)
            #expect(contents.faults.isEmpty)
            let destination = try #require(contents.destinations.first)
            #expect(contents.destinations.count == 1 && destination.id == shop.id)
            #expect(destination.signing.map(\.secret) == [Secret("two"), ShopDestination.signing])
            #expect(destination.signing.map(\.name) == [nil, nil])
            #expect(destination.signing[0].expiresAt == nil)
            let end = try #require(destination.signing[1].expiresAt)
            #expect(destination.signing[1].isActive(at: .now()) && !destination.signing[1].isActive(at: end))
            #expect(destination.headers.map(\.name) == ["X-Shop"])
            #expect(destination.headers.map(\.secret) == [Secret("value")])
            #expect(destination.subscriptions == [SubscriptionRecord(id: subscription, typeGlob: "a.*")])
        }
    }

    @Test func `opens a secret for its own destination, purpose and header only`() async throws {
        try await ShopDestination.with { shop, connection in
            _ = try shop.administration.setDestinationHeader(
                "X-Shop",
                Secret("value"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            var root = try shop.database.connect()
            try root.run("UPDATE postern.destination_secrets SET name = 'X-Other' WHERE kind = 'header'")
            let renamed = try Self.read(shop)
            #expect(renamed.destinations.isEmpty && renamed.faults.count == 1)
            try root.run(
                "UPDATE postern.destination_secrets SET name = NULL, kind = 'signing' WHERE kind = 'header'"
            )
            let repurposed = try Self.read(shop)
            // Another signing secret opens: requests are signed, and the fault is told all the same.
            #expect(repurposed.destinations.map(\.id) == [shop.id] && repurposed.faults.count == 1)
        }
    }

    @Test func `leaves out what it could send only unsigned or without its header, and says so`() async throws {
        try await ShopDestination.with { shop, connection in
            let other = try SealingKeys.administration(2).createDestination(
                ShopDestination.new(of: shop.organization, name: "other"),
                &connection,
                within: Self.within
            ).destination
            let contents = try Self.read(shop)
            #expect(contents.destinations.map(\.id) == [shop.id])
            let fault = try #require(contents.faults.first)
            #expect(contents.faults.count == 1 && fault.destination == other.id)
            #expect(fault.description.hasPrefix("destination other (\(other.id)): its signing secret"))
            #expect(!fault.description.contains("whsec"))
            #expect(try Self.read(shop, key: 1, others: [2]).destinations.count == 2)
            _ = try SealingKeys.administration(2).setDestinationHeader(
                "X-Shop",
                Secret("value"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            #expect(try Self.read(shop).destinations.isEmpty)
            // Nobody's fault but the reader's: people see both.
            #expect(try shop.administration.destinations(&connection, within: Self.within).count == 2)
        }
    }

    @Test func `leaves out a destination with a subscription it cannot read`() async throws {
        try await ShopDestination.with { shop, connection in
            let subscription = try shop.administration.addSubscription(
                NewSubscription(),
                to: shop.id,
                &connection,
                within: Self.within
            )
            var root = try shop.database.connect()
            try root.run(#"UPDATE postern.subscriptions SET filters = '[{"field": "account", "op": "matches"}]'"#)
            let contents = try Self.read(shop)
            #expect(contents.destinations.isEmpty)
            #expect(
                contents.faults.map(\.reason) == [
                    .malformedFilters(
                        subscription,
                        .filter(1, "op is 'matches', must be equals, not_equals, in, exists or prefix")
                    )
                ]
            )
        }
    }

    @Test func `shows an organization its own destinations, and no secret`() async throws {
        try await ShopDestination.with { shop, connection in
            let other = try shop.administration.createOrganization(name: "other", &connection, within: Self.within)
            _ = try shop.administration.createDestination(
                ShopDestination.new(of: other),
                &connection,
                within: Self.within
            )
            #expect(
                try shop.administration.destinations(&connection, within: Self.within).map(
                    \.destination.organizationName
                )
                    == ["acme", "other"]
            )
            var admin = try shop.database.connect(.admin)
            let id = shop.id
            let (listed, named, foreign, secrets) = try admin.transaction(for: shop.organization, within: Self.within) {
                tenant throws(PostgresError) in
                (
                    try DestinationReader.list(&tenant, within: Self.within),
                    try DestinationReader.named("shop", &tenant, within: Self.within),
                    try DestinationReader.list(of: other, &tenant, within: Self.within),
                    try DestinationReader.secrets(of: id, &tenant, within: Self.within)
                )
            }
            #expect(listed.map(\.destination.id) == [shop.id] && named == listed && foreign.isEmpty)
            #expect(listed[0].activeSigningSecrets == 1 && listed[0].destination.signing.isEmpty)
            #expect(secrets.map(\.kind) == [.signing])
        }
    }

    @Test func `finds by id before a name, and nothing by what no name can be`() async throws {
        try await ShopDestination.with { shop, connection in
            let upper = shop.id.description.uppercased()
            let found = try DestinationReader.named(upper, &connection, within: Self.within)
            #expect(found.map(\.destination.id) == [shop.id])
            #expect(try DestinationReader.named("sho\0p", &connection, within: Self.within).isEmpty)
            #expect(try DestinationReader.named("", &connection, within: Self.within).isEmpty)
            let stranger = DestinationID.fresh(at: .now())
            #expect(
                try DestinationReader.opened(
                    stranger,
                    opening: SealingKeys.ring(),
                    &connection,
                    within: Self.within
                ) == nil
            )
        }
    }
}
