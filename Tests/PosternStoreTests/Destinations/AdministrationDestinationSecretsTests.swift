import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationDestinationSecretsTests {
    private static let within = StoreDatabase.deadline

    private static func signing(_ shop: ShopDestination, _ connection: inout Connection) throws -> [Secret] {
        let contents = try DestinationReader.opened(
            shop.id,
            opening: try SealingKeys.ring(),
            &connection,
            within: Self.within
        )
        return try #require(contents?.destinations.first).signing.map(\.secret)
    }

    @Test func `signs with both secrets until the old one runs out`() async throws {
        try await ShopDestination.with { shop, connection in
            let (added, retiring) = try shop.administration.rotateDestinationSecret(
                Secret("two"),
                of: shop.id,
                grace: .seconds(3600),
                &connection,
                within: Self.within
            )
            #expect(retiring.count == 1)
            #expect(try Self.signing(shop, &connection) == [Secret("two"), ShopDestination.signing])
            let minutes = try connection.texts(
                """
                SELECT coalesce(round(extract(epoch FROM expires_at - now()) / 60)::text, 'none')
                FROM postern.destination_secrets ORDER BY created_at DESC
                """
            )
            #expect(minutes == ["none", "60"])
            // A later rotation shortens what it is given, and never lengthens what was left.
            let (_, again) = try shop.administration.rotateDestinationSecret(
                Secret("three"),
                of: shop.id,
                grace: .zero,
                &connection,
                within: Self.within
            )
            #expect(Set(again) == Set(retiring + [added]))
            #expect(try Self.signing(shop, &connection) == [Secret("three")])
            let states = try DestinationReader.secrets(of: shop.id, &connection, within: Self.within).map(\.state)
            #expect(states == [.active, .expired, .expired])
        }
    }

    @Test func `keeps the last secret that signs`() async throws {
        try await ShopDestination.with { shop, connection in
            let listed = try DestinationReader.secrets(of: shop.id, &connection, within: Self.within)
            let only = try #require(listed.first).id
            #expect(throws: ConfigurationError.lastSigningSecret("\(only)")) {
                try shop.administration.retireDestinationSecret(only, of: shop.id, &connection, within: Self.within)
            }
            let (added, _) = try shop.administration.rotateDestinationSecret(
                Secret("two"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            try shop.administration.retireDestinationSecret(only, of: shop.id, &connection, within: Self.within)
            #expect(throws: ConfigurationError.destinationSecretNotFound("\(only)")) {
                try shop.administration.retireDestinationSecret(only, of: shop.id, &connection, within: Self.within)
            }
            #expect(throws: ConfigurationError.lastSigningSecret("\(added)")) {
                try shop.administration.retireDestinationSecret(added, of: shop.id, &connection, within: Self.within)
            }
        }
    }

    @Test func `ends secrets of their own destination only`() async throws {
        try await ShopDestination.with { shop, connection in
            let other = try shop.administration.createDestination(
                ShopDestination.new(of: shop.organization, name: "other"),
                &connection,
                within: Self.within
            ).destination
            let secret = try shop.administration.setDestinationHeader(
                "X-One",
                Secret("1"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            #expect(throws: ConfigurationError.destinationSecretNotFound("\(secret)")) {
                try shop.administration.retireDestinationSecret(secret, of: other.id, &connection, within: Self.within)
            }
            #expect(try shop.now(&connection).headerNames == ["X-One"])
        }
    }

    @Test func `holds ten signing secrets at once and no more`() async throws {
        try await ShopDestination.with { shop, connection in
            for number in 2...10 {
                _ = try shop.administration.rotateDestinationSecret(
                    Secret("\(number)"),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.self) {
                try shop.administration.rotateDestinationSecret(
                    Secret("eleven"),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(try Self.signing(shop, &connection).count == 10)
            // The refused rotation touched none of the expiries.
            #expect(
                try connection.number("SELECT count(*) FROM postern.destination_secrets WHERE expires_at IS NULL") == 1
            )
            _ = try shop.administration.rotateDestinationSecret(
                Secret("eleven"),
                of: shop.id,
                grace: .zero,
                &connection,
                within: Self.within
            )
            #expect(try Self.signing(shop, &connection) == [Secret("eleven")])
        }
    }

    @Test func `puts a header in the place of one of the same name, whatever its case`() async throws {
        try await ShopDestination.with { shop, connection in
            for (name, value) in [("X-Token", "one"), ("Authorization", "two"), ("x-token", "three")] {
                _ = try shop.administration.setDestinationHeader(
                    name,
                    Secret(value),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            let contents = try DestinationReader.opened(
                shop.id,
                opening: try SealingKeys.ring(),
                &connection,
                within: Self.within
            )
            let headers = try #require(contents?.destinations.first).headers
            #expect(headers.map(\.name) == ["x-token", "Authorization"])
            #expect(headers.map(\.secret) == [Secret("three"), Secret("two")])
            try shop.administration.removeDestinationHeader("X-TOKEN", of: shop.id, &connection, within: Self.within)
            #expect(try shop.now(&connection).headerNames == ["Authorization"])
            #expect(throws: ConfigurationError.destinationSecretNotFound("X-TOKEN")) {
                try shop.administration.removeDestinationHeader(
                    "X-TOKEN",
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test func `holds twenty headers, and replaces one of twenty`() async throws {
        try await ShopDestination.with { shop, connection in
            for number in 1...20 {
                _ = try shop.administration.setDestinationHeader(
                    "X-\(number)",
                    Secret("v"),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.invalid(field: "headers", reason: "at most 20")) {
                try shop.administration.setDestinationHeader(
                    "X-21",
                    Secret("v"),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            _ = try shop.administration.setDestinationHeader(
                "X-20",
                Secret("w"),
                of: shop.id,
                &connection,
                within: Self.within
            )
            #expect(try shop.now(&connection).headerNames.count == 20)
        }
    }

    @Test func `stores no secret without a key, for a channel, or with a grace below zero`() async throws {
        try await ShopDestination.with { shop, connection in
            let keyless = Administration(author: Author(who: "w", origin: "o"), sealing: nil)
            #expect(throws: ConfigurationError.sealingKeyMissing) {
                try keyless.rotateDestinationSecret(Secret("x"), of: shop.id, &connection, within: Self.within)
            }
            #expect(throws: ConfigurationError.invalid(field: "grace", reason: "0 or more")) {
                try shop.administration.rotateDestinationSecret(
                    Secret("x"),
                    of: shop.id,
                    grace: .seconds(-1),
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.invalid(field: "secret", reason: "is empty")) {
                try shop.administration.rotateDestinationSecret(
                    Secret(""),
                    of: shop.id,
                    &connection,
                    within: Self.within
                )
            }
            let channel = try shop.administration.createDestination(
                NewDestination(organization: shop.organization, name: "app", kind: .postgresNotify, channel: "c"),
                &connection,
                within: Self.within
            ).destination
            #expect(throws: ConfigurationError.invalid(field: "secrets", reason: "are for http and alert")) {
                try shop.administration.rotateDestinationSecret(
                    Secret("x"),
                    of: channel.id,
                    &connection,
                    within: Self.within
                )
            }
            #expect(try connection.number("SELECT count(*) FROM postern.destination_secrets") == 1)
            #expect(
                try connection.number("SELECT count(*) FROM postern.destination_secrets WHERE expires_at IS NULL") == 1
            )
        }
    }
}
