import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct SecretMatchesTests {
    private static let within = StoreDatabase.deadline

    /// An endpoint with an older and a newer secret.
    private struct Rotated: Sendable {
        let endpoint: EndpointRecord
        let old: SecretID
        let new: SecretID

        func match(_ secret: SecretID, _ count: Int64, at time: Timestamp) -> SecretMatch {
            SecretMatch(
                secret: secret,
                organization: self.endpoint.organization,
                endpoint: self.endpoint.id,
                count: count,
                lastAt: time
            )
        }
    }

    private static func with(
        _ body: @escaping @Sendable (Rotated, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            var operators = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&operators)
            let old = try administration.addSecret(Secret("old"), to: endpoint.id, &operators, within: Self.within)
            let new = try administration.rotateSecret(Secret("new"), of: endpoint.id, &operators, within: Self.within)
            var gateway = try database.connect(.gateway)
            try body(Rotated(endpoint: endpoint, old: old, new: new.added), &gateway, &operators)
        }
    }

    @Test(arguments: [(0, 0), (1, 0), (3599, 0), (3600, 3600), (-1, -3600), (-3600, -3600)] as [(Int64, Int64)])
    func `counts under the hour of its time`(seconds: Int64, hour: Int64) {
        let match = SecretMatch(
            secret: SecretID(UniqueID(high: 1, low: 1)),
            organization: OrganizationID(UniqueID(high: 1, low: 2)),
            endpoint: EndpointID(UniqueID(high: 1, low: 3)),
            count: 1,
            lastAt: Timestamp(seconds: seconds)
        )
        #expect(match.hour == Timestamp(seconds: hour))
    }

    @Test func `shows secrets that never matched, newest first`() async throws {
        try await Self.with { rotated, _, operators in
            let uses = try SecretMatches.read(rotated.endpoint.id, &operators, within: Self.within)
            #expect(uses.map(\.id) == [rotated.new, rotated.old])
            #expect(uses.map(\.lastMatchedAt) == [nil, nil])
            #expect(uses.map(\.matchesIn24Hours) == [0, 0])
            #expect(uses.map { $0.expiresAt == nil } == [true, false])
            #expect(uses.map(\.kind) == ["signing", "signing"])
        }
    }

    @Test func `adds up what gateways counted, in one batch and in several`() async throws {
        try await Self.with { rotated, gateway, operators in
            let now = Timestamp.now()
            let before = now.advanced(by: .seconds(-7200))
            try SecretMatches.add(
                [
                    rotated.match(rotated.new, 2, at: before), rotated.match(rotated.new, 3, at: now),
                    rotated.match(rotated.old, 5, at: before), rotated.match(rotated.new, 1, at: now),
                ],
                &gateway,
                within: Self.within
            )
            // A gateway whose clock is behind takes nothing back.
            try SecretMatches.add(
                [rotated.match(rotated.new, 10, at: rotated.match(rotated.new, 0, at: now).hour)],
                &gateway,
                within: Self.within
            )
            try SecretMatches.add([], &gateway, within: Self.within)
            let uses = try SecretMatches.read(rotated.endpoint.id, &operators, within: Self.within)
            #expect(uses.map(\.matchesIn24Hours) == [16, 5])
            #expect(uses.map(\.lastMatchedAt) == [now, before])
        }
    }

    @Test func `calls a secret unused only when it proved nothing for 24 hours`() async throws {
        try await Self.with { rotated, gateway, operators in
            func add(hoursAgo: Double) throws {
                let time = Timestamp.now().advanced(by: .seconds(-3600 * hoursAgo))
                try SecretMatches.add([rotated.match(rotated.old, 1, at: time)], &gateway, within: Self.within)
            }
            func uses() throws -> SecretUse? {
                try SecretMatches.read(rotated.endpoint.id, &operators, within: Self.within).last
            }
            try add(hoursAgo: 25.1)
            #expect(try uses()?.matchesIn24Hours == 0)
            #expect(try uses()?.lastMatchedAt != nil)
            try add(hoursAgo: 23.9)
            #expect(try uses()?.matchesIn24Hours == 1)
        }
    }

    @Test func `leaves out revoked secrets`() async throws {
        try await Self.with { rotated, _, operators in
            let administration = try SealingKeys.administration()
            try administration.revokeSecret(rotated.old, of: rotated.endpoint.id, &operators, within: Self.within)
            let uses = try SecretMatches.read(rotated.endpoint.id, &operators, within: Self.within)
            #expect(uses.map(\.id) == [rotated.new])
        }
    }
}
