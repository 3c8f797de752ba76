import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationDestinationsTests {
    private static let within = StoreDatabase.deadline

    @Test func `makes a destination with a cursor at the end of every lane`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try root.run("UPDATE postern.lanes SET event_number = 10 + lane")
            var connection = try database.connect(.operator)
            let administration = try SealingKeys.administration()
            let acme = try administration.createOrganization(name: "acme", &connection, within: Self.within)
            var new = ShopDestination.new(of: acme)
            new.headers = [("Authorization", Secret("Bearer one")), ("X-Shop", Secret("two"))]
            new.subscriptions = [
                NewSubscription(typeGlob: "com.github.*"),
                NewSubscription(filters: [SubscriptionFilter(field: .account, test: .equals(.text("a")))]),
            ]
            new.retryDelays = [.seconds(5), .seconds(0)]
            new.ratePerSecond = 50
            let listing = try administration.createDestination(new, &connection, within: Self.within)
            let made = listing.destination
            #expect(made.organization == acme && made.organizationName == "acme" && made.name == "shop")
            #expect(made.kind == .http && made.form == .structured && made.state == .enabled)
            #expect(made.url == "https://shop.example/events" && made.channel == nil)
            #expect(made.timeout == .seconds(15) && made.concurrency == 8 && made.ratePerSecond == 50)
            #expect(made.retryDelays == [.seconds(5), .seconds(0)])
            #expect(!made.isOrdered && !made.allowsPrivate && made.circuit == .closed)
            #expect(made.subscriptions.map(\.typeGlob) == ["com.github.*", "*"])
            #expect(made.subscriptions.last?.filters == new.subscriptions[1].filters)
            #expect(made.signing.isEmpty && made.headers.isEmpty)
            #expect(listing.activeSigningSecrets == 1 && listing.headerNames == ["Authorization", "X-Shop"])
            #expect(
                try root.texts(
                    """
                    SELECT concat_ws(' ', lane, first_number, number, org_id = '\(acme)', delivered + handed + buried)
                    FROM postern.destination_cursors WHERE destination_id = '\(made.id)' ORDER BY lane
                    """
                ) == (0..<StoreDatabase.lanes).map { "\($0) \($0 + 10) \($0 + 10) t 0" }
            )
            #expect(
                try root.number(
                    "SELECT count(*) FROM postern.destination_cursors WHERE stored_at > now() - interval '1 minute'"
                ) == Int64(StoreDatabase.lanes)
            )
        }
    }

    @Test func `writes what was made into the audit log, and no secret`() async throws {
        try await ShopDestination.with { shop, connection in
            _ = try shop.administration.setDestinationHeader(
                "Authorization",
                Secret("Bearer visible"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            let lines = try OrdersEndpoint.audit(&connection)
            let made = try #require(lines.first { $0.hasPrefix("destination.create | \(shop.id) | cli:alice") })
            #expect(made.contains(#""url": "https://shop.example/events""#))
            #expect(made.contains(#""retry_delays": "60 300 900 3600 7200""#))
            #expect(lines.contains { $0.hasPrefix("destination.header.set") && $0.contains("Authorization") })
            #expect(!lines.contains { $0.contains("whsec") || $0.contains("visible") })
            #expect(
                try connection.number(
                    """
                    SELECT count(*) FROM postern.destination_secrets
                    WHERE position('visible'::bytea IN sealed) > 0 OR position('whsec'::bytea IN sealed) > 0
                    """
                ) == 0
            )
        }
    }

    @Test func `gives alerts no cursor, because they follow no log`() async throws {
        try await ShopDestination.with { shop, connection in
            var new = ShopDestination.new(of: shop.organization, name: "pager")
            new.kind = .alert
            new.form = .slack
            let made = try shop.administration.createDestination(new, &connection, within: Self.within).destination
            #expect(made.kind == .alert && made.form == .slack)
            #expect(
                try connection.number(
                    "SELECT count(*) FROM postern.destination_cursors WHERE destination_id = '\(made.id)'"
                ) == 0
            )
        }
    }

    @Test func `makes one for a channel, without secrets`() async throws {
        try await ShopDestination.with { shop, connection in
            let new = NewDestination(
                organization: shop.organization,
                name: "app",
                kind: .postgresNotify,
                channel: "shop_events"
            )
            let keyless = Administration(author: Author(who: "w", origin: "o"), sealing: nil)
            let listing = try keyless.createDestination(new, &connection, within: Self.within)
            #expect(listing.destination.channel == "shop_events" && listing.destination.url == nil)
            #expect(listing.activeSigningSecrets == 0)
        }
    }

    @Test func `lets one name stand once in an organization, until it is deleted`() async throws {
        try await ShopDestination.with { shop, connection in
            let same = ShopDestination.new(of: shop.organization)
            #expect(throws: ConfigurationError.destinationExists(name: "shop")) {
                try shop.administration.createDestination(same, &connection, within: Self.within)
            }
            let other = try shop.administration.createOrganization(name: "other", &connection, within: Self.within)
            let namesake = try shop.administration.createDestination(
                ShopDestination.new(of: other),
                &connection,
                within: Self.within
            )
            #expect(throws: ConfigurationError.self) {
                try shop.administration.destination("shop", &connection, within: Self.within)
            }
            let found = try shop.administration.destination("shop", of: other, &connection, within: Self.within)
            #expect(found == namesake)
            _ = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            #expect(try shop.administration.destination("shop", &connection, within: Self.within) == namesake)
            _ = try shop.administration.createDestination(same, &connection, within: Self.within)
        }
    }

    @Test func `needs an organization, lanes and a sealing key`() async throws {
        try await ShopDestination.with { shop, connection in
            #expect(throws: ConfigurationError.organizationNotFound("shop")) {
                try shop.administration.createDestination(
                    ShopDestination.new(of: .fresh(at: .now())),
                    &connection,
                    within: Self.within
                )
            }
            let keyless = Administration(author: Author(who: "w", origin: "o"), sealing: nil)
            let new = ShopDestination.new(of: shop.organization, name: "other")
            #expect(throws: ConfigurationError.sealingKeyMissing) {
                try keyless.createDestination(new, &connection, within: Self.within)
            }
            var root = try shop.database.connect()
            try root.run("DELETE FROM postern.lanes")
            #expect(throws: ConfigurationError.notMigrated) {
                try shop.administration.createDestination(new, &connection, within: Self.within)
            }
            #expect(try connection.number("SELECT count(*) FROM postern.destinations") == 1)
        }
    }

    @Test func `changes what is said and nothing else, and writes both into the audit log`() async throws {
        try await ShopDestination.with { shop, connection in
            let change = DestinationChange(
                name: "store",
                form: .binary,
                timeout: .seconds(3),
                rate: .perSecond(10),
                retryDelays: [.seconds(1)],
                isOrdered: true
            )
            let changed = try shop.administration.changeDestination(
                shop.id,
                change,
                &connection,
                within: Self.within
            ).destination
            #expect(changed.name == "store" && changed.form == .binary && changed.timeout == .seconds(3))
            #expect(changed.ratePerSecond == 10 && changed.retryDelays == [.seconds(1)] && changed.isOrdered)
            #expect(changed.url == shop.destination.url && changed.concurrency == 8 && !changed.allowsPrivate)
            #expect(changed.updatedAt > shop.destination.updatedAt)
            let line = try #require(try OrdersEndpoint.audit(&connection).last)
            #expect(line.hasPrefix("destination.change | \(shop.id)"))
            #expect(line.contains(#""rate_per_second": "10""#) && line.contains(#""rate_per_second": """#))
            #expect(!line.contains("concurrency"))
            let slower = try shop.administration.changeDestination(
                shop.id,
                DestinationChange(rate: .unlimited, retryDelays: []),
                &connection,
                within: Self.within
            ).destination
            #expect(slower.ratePerSecond == nil && slower.retryDelays.isEmpty && slower.name == "store")
        }
    }

    @Test func `writes no line for a change that says nothing`() async throws {
        try await ShopDestination.with { shop, connection in
            let lines = try OrdersEndpoint.audit(&connection).count
            let listing = try shop.administration.changeDestination(
                shop.id,
                DestinationChange(),
                &connection,
                within: Self.within
            )
            #expect(listing.destination == shop.destination)
            #expect(try OrdersEndpoint.audit(&connection).count == lines)
        }
    }

    @Test func `refuses a change that does not fit the kind`() async throws {
        try await ShopDestination.with { shop, connection in
            for (field, change) in [
                ("channel", DestinationChange(channel: "c")), ("form", DestinationChange(form: .slack)),
                ("name", DestinationChange(name: "")), ("url", DestinationChange(url: "gopher://x")),
                ("timeout", DestinationChange(timeout: .zero)), ("concurrency", DestinationChange(concurrency: .max)),
                ("rate_per_second", DestinationChange(rate: .perSecond(.max))),
                ("retry_delays", DestinationChange(retryDelays: [.seconds(Int64.max)])),
            ] {
                do {
                    _ = try shop.administration.changeDestination(shop.id, change, &connection, within: Self.within)
                    Issue.record("\(field): changed")
                } catch ConfigurationError.invalid(let named, _) {
                    #expect(named == field)
                }
            }
            var other = ShopDestination.new(of: shop.organization, name: "other")
            other.url = "https://other.example/"
            _ = try shop.administration.createDestination(other, &connection, within: Self.within)
            #expect(throws: ConfigurationError.destinationExists(name: "other")) {
                try shop.administration.changeDestination(
                    shop.id,
                    DestinationChange(name: "other"),
                    &connection,
                    within: Self.within
                )
            }
            #expect(try shop.now(&connection).destination == shop.destination)
        }
    }

    @Test func `closes an open circuit with a new URL only`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            try root.run(
                """
                UPDATE postern.destinations SET circuit = 'open', circuit_reason = 'timeout', circuit_openings = 3,
                    circuit_changed_at = now() - interval '1 hour', circuit_until = now() + interval '1 minute'
                """
            )
            for change in [DestinationChange(concurrency: 2), DestinationChange(url: shop.destination.url)] {
                let circuit = try shop.administration.changeDestination(
                    shop.id,
                    change,
                    &connection,
                    within: Self.within
                ).destination.circuit
                #expect(circuit.state == .open && circuit.openings == 3 && circuit.reason == "timeout")
            }
            let circuit = try shop.administration.changeDestination(
                shop.id,
                DestinationChange(url: "https://new.example/"),
                &connection,
                within: Self.within
            ).destination.circuit
            #expect(circuit.state == .closed && circuit.openings == 0 && circuit.reason == nil && circuit.until == nil)
            #expect(try #require(circuit.changedAt) > Timestamp.now().advanced(by: .seconds(-60)))
        }
    }
}
