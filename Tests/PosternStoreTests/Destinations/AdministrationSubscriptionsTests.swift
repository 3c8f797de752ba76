import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationSubscriptionsTests {
    private static let within = StoreDatabase.deadline

    @Test func `adds and takes away, and says how many are left`() async throws {
        try await ShopDestination.with { shop, connection in
            let filters = [
                SubscriptionFilter(field: .data(["order", "total"]), test: .oneOf([.number("1e2"), .boolean(false)])),
                SubscriptionFilter(field: .type, test: .prefix("com.")),
            ]
            let first = try shop.administration.addSubscription(
                NewSubscription(typeGlob: "com.github.*", filters: filters),
                to: shop.id,
                &connection,
                within: Self.within
            )
            let second = try shop.administration.addSubscription(
                NewSubscription(),
                to: shop.id,
                &connection,
                within: Self.within
            )
            let stored = try shop.now(&connection).destination.subscriptions
            #expect(stored.map(\.id) == [first, second])
            // PostgreSQL writes numbers in its own way; their value is the same.
            #expect(
                stored[0].filters == [
                    SubscriptionFilter(
                        field: .data(["order", "total"]),
                        test: .oneOf([.number("100"), .boolean(false)])
                    ), filters[1],
                ]
            )
            #expect(
                try shop.administration.removeSubscription(first, from: shop.id, &connection, within: Self.within) == 1
            )
            #expect(
                try shop.administration.removeSubscription(second, from: shop.id, &connection, within: Self.within) == 0
            )
            #expect(throws: ConfigurationError.subscriptionNotFound("\(first)")) {
                try shop.administration.removeSubscription(first, from: shop.id, &connection, within: Self.within)
            }
            let lines = try OrdersEndpoint.audit(&connection).suffix(4)
            #expect(
                lines.map { $0.prefix { $0 != " " } } == [
                    "subscription.add", "subscription.add", "subscription.remove", "subscription.remove",
                ]
            )
            #expect(lines.allSatisfy { $0.contains("| \(shop.id) |") })
        }
    }

    @Test func `tells which types the organization had no event of, once it had any`() async throws {
        try await ShopDestination.with { shop, connection in
            func unseen() throws -> [String] {
                try shop.administration.typesUnseen(
                    ["t", "t*", "t.*", "com.github.*"],
                    by: shop.organization,
                    &connection,
                    within: Self.within
                )
            }
            var root = try shop.database.connect()
            try shop.storeEvent(1, lane: 1, organization: .fresh(at: .now()), &root)
            #expect(try unseen().isEmpty)
            try shop.storeEvent(2, lane: 1, &root)
            #expect(try unseen() == ["com.github.*", "t.*"])
        }
    }

    @Test func `counts what a destination has passed over`() async throws {
        try await ShopDestination.with { shop, connection in
            func count() throws -> Int64 {
                try shop.administration.eventsPassedOver(by: shop.id, &connection, within: Self.within)
            }
            #expect(try count() == 0)
            var root = try shop.database.connect()
            try root.run("UPDATE postern.destination_cursors SET unsubscribed = 2 WHERE lane < 3")
            #expect(try count() == 6)
        }
    }

    @Test func `takes away from its own destination only`() async throws {
        try await ShopDestination.with { shop, connection in
            let other = try shop.administration.createDestination(
                ShopDestination.new(of: shop.organization, name: "other"),
                &connection,
                within: Self.within
            ).destination
            let id = try shop.administration.addSubscription(
                NewSubscription(),
                to: shop.id,
                &connection,
                within: Self.within
            )
            #expect(throws: ConfigurationError.subscriptionNotFound("\(id)")) {
                try shop.administration.removeSubscription(id, from: other.id, &connection, within: Self.within)
            }
            #expect(try shop.now(&connection).destination.subscriptions.map(\.id) == [id])
        }
    }

    @Test func `holds fifty, and refuses alerts and what is none`() async throws {
        try await ShopDestination.with { shop, connection in
            for _ in 1...50 {
                _ = try shop.administration.addSubscription(
                    NewSubscription(),
                    to: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.invalid(field: "subscriptions", reason: "at most 50")) {
                try shop.administration.addSubscription(
                    NewSubscription(),
                    to: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            var alert = ShopDestination.new(of: shop.organization, name: "pager")
            alert.kind = .alert
            alert.form = .json
            let pager = try shop.administration.createDestination(alert, &connection, within: Self.within).destination
            #expect(throws: ConfigurationError.self) {
                try shop.administration.addSubscription(
                    NewSubscription(),
                    to: pager.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.self) {
                try shop.administration.addSubscription(
                    NewSubscription(typeGlob: "a\0b"),
                    to: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(try connection.number("SELECT count(*) FROM postern.subscriptions") == 50)
        }
    }
}
