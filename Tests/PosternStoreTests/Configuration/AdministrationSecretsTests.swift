import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationSecretsTests {
    private static let within = StoreDatabase.deadline

    @Test func `rotates a secret: the new one at once, the old one for the grace it had at most`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let first = try administration.addSecret(Secret("one"), to: endpoint.id, &connection, within: Self.within)
            let other = try administration.addSecret(
                Secret("token"),
                kind: "verify_token",
                to: endpoint.id,
                &connection,
                within: Self.within
            )
            let (second, retiring) = try administration.rotateSecret(
                Secret("two"),
                of: endpoint.id,
                &connection,
                within: Self.within
            )
            #expect(retiring == [first])
            let (third, again) = try administration.rotateSecret(
                Secret("three"),
                of: endpoint.id,
                grace: .seconds(172_800),
                &connection,
                within: Self.within
            )
            #expect(Set(again) == [first, second])
            let listings = try administration.secrets(of: endpoint.id, &connection, within: Self.within)
            #expect(listings.map(\.id) == [third, second, other, first])
            #expect(listings.allSatisfy { $0.state == .active })
            // The first keeps the 24 hours it was given; the second gets its 48; the others have no end.
            let hours = try connection.texts(
                """
                SELECT coalesce(round(extract(epoch FROM expires_at - now()) / 3600)::text, 'none')
                FROM postern.endpoint_secrets ORDER BY created_at DESC
                """
            )
            #expect(hours == ["none", "48", "none", "24"])
            let (_, last) = try administration.rotateSecret(
                Secret("four"),
                of: endpoint.id,
                grace: .zero,
                &connection,
                within: Self.within
            )
            #expect(Set(last) == [first, second, third])
            let states = try administration.secrets(of: endpoint.id, &connection, within: Self.within).map(\.state)
            #expect(states == [.active, .expired, .expired, .active, .expired])
            #expect(try administration.endpoint("orders", &connection, within: Self.within).activeSecrets == 2)
            #expect(throws: ConfigurationError.invalid(field: "grace", reason: "0 or more")) {
                try administration.rotateSecret(
                    Secret("x"),
                    of: endpoint.id,
                    grace: .seconds(-1),
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test func `revokes a secret once, and only of its endpoint`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let secret = try administration.addSecret(Secret("one"), to: endpoint.id, &connection, within: Self.within)
            let other = try administration.createEndpoint(
                NewEndpoint(organization: endpoint.organization, platform: endpoint.platform, name: "other"),
                &connection,
                within: Self.within
            )
            #expect(throws: ConfigurationError.secretNotFound("\(secret)")) {
                try administration.revokeSecret(secret, of: other.id, &connection, within: Self.within)
            }
            try administration.revokeSecret(secret, of: endpoint.id, &connection, within: Self.within)
            #expect(throws: ConfigurationError.secretNotFound("\(secret)")) {
                try administration.revokeSecret(secret, of: endpoint.id, &connection, within: Self.within)
            }
            let states = try administration.secrets(of: endpoint.id, &connection, within: Self.within).map(\.state)
            #expect(states == [.revoked])
        }
    }

    @Test func `stores secrets sealed, and writes none into the log`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            _ = try administration.addSecret(Secret("visible?"), to: endpoint.id, &connection, within: Self.within)
            _ = try administration.rotateSecret(Secret("visible!"), of: endpoint.id, &connection, within: Self.within)
            _ = try administration.createEndpoint(
                NewEndpoint(
                    organization: endpoint.organization,
                    platform: endpoint.platform,
                    name: "born with one",
                    secrets: [("signing", Secret("visible."))]
                ),
                &connection,
                within: Self.within
            )
            #expect(
                try connection.number(
                    "SELECT count(*) FROM postern.endpoint_secrets WHERE position('visible'::bytea IN sealed) > 0"
                ) == 0
            )
            #expect(try connection.number("SELECT count(*) FROM postern.endpoint_secrets") == 3)
            #expect(
                try connection.number("SELECT count(*) FROM postern.audit_log a WHERE a::text LIKE '%visible%'") == 0
            )
        }
    }

    @Test func `stores nothing without a sealing key, nor an empty secret`() async throws {
        try await OrdersEndpoint.with { administration, endpoint, connection in
            let keyless = Administration(author: Author(who: "w", origin: "o"), sealing: nil)
            #expect(throws: ConfigurationError.sealingKeyMissing) {
                try keyless.addSecret(Secret("x"), to: endpoint.id, &connection, within: Self.within)
            }
            #expect(throws: ConfigurationError.sealingKeyMissing) {
                try keyless.createEndpoint(
                    NewEndpoint(
                        organization: endpoint.organization,
                        platform: endpoint.platform,
                        name: "x",
                        secrets: [("signing", Secret("x"))]
                    ),
                    &connection,
                    within: Self.within
                )
            }
            #expect(throws: ConfigurationError.invalid(field: "secret", reason: "is empty")) {
                try administration.addSecret(Secret(""), to: endpoint.id, &connection, within: Self.within)
            }
            // The endpoint goes with the secret that could not be stored.
            #expect(throws: ConfigurationError.invalid(field: "kind", reason: "1 to 50 characters")) {
                try administration.createEndpoint(
                    NewEndpoint(
                        organization: endpoint.organization,
                        platform: endpoint.platform,
                        name: "x",
                        secrets: [("signing", Secret("x")), ("", Secret("x"))]
                    ),
                    &connection,
                    within: Self.within
                )
            }
            let secrets = try connection.number("SELECT count(*) FROM postern.endpoint_secrets")
            let endpoints = try connection.number("SELECT count(*) FROM postern.endpoints")
            let log = try OrdersEndpoint.audit(&connection)
            #expect(secrets == 0)
            #expect(endpoints == 1)
            #expect(log.count == 2)
        }
    }
}
