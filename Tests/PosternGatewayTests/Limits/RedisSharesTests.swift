import PosternGateway
import PosternModel
import PosternRedis
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RedisSharesTests {
    private static let organization = OrganizationID(UniqueID(high: 8, low: 1))

    private static func gateway(_ number: UInt64) -> UniqueID { UniqueID(high: 7, low: number) }
    private static func subject(_ number: UInt64) -> UniqueID { UniqueID(high: 9, low: number) }

    private static func report(
        _ subject: UInt64,
        _ admitted: Int64,
        debt: Int64 = 0,
        wasAsked: Bool = true,
        isNew: Bool = false
    ) -> ShareReport {
        ShareReport(
            subject: Self.subject(subject),
            organization: Self.organization,
            admitted: admitted,
            debtMicroseconds: debt,
            wasAsked: wasAsked,
            isNew: isNew
        )
    }

    /// Shares of a gateway, once they are connected.
    private static func shares(_ server: RedisServer, _ number: UInt64) async throws -> RedisShares {
        let shares = RedisShares(try RedisAddress(server.socket), gateway: Self.gateway(number))
        await Self.wait(for: shares)
        return shares
    }

    private static func wait(for shares: RedisShares) async {
        while !shares.isConnected { await Task.yield() }
    }

    private static func ask(_ server: RedisServer, _ words: String...) async throws -> RedisReply {
        try await onThread {
            var connection = try RedisConnection.connect(RedisAddress(server.socket), within: .seconds(10))
            var pipeline = RedisPipeline()
            pipeline.append(words)
            return try #require(try connection.run(pipeline, within: .seconds(10)).first)
        }
    }

    @Test func `tells what others counted, and never one's own`() async throws {
        try await RedisServer.with { server in
            let first = try await Self.shares(server, 1)
            let second = try await Self.shares(server, 2)
            let alone = try await first.exchange([Self.report(1, 5, debt: 60_000_000), Self.report(2, 6)])
            #expect(alone.entries == [])
            #expect(alone.gateways == [Self.gateway(1)])
            let told = try await second.exchange([Self.report(1, 9), Self.report(2, 0, wasAsked: false)])
            #expect(told.gateways == [Self.gateway(1), Self.gateway(2)])
            #expect(told.entries.map(\.subject) == [Self.subject(1), Self.subject(2)])
            #expect(told.entries.map(\.gateway) == [Self.gateway(1), Self.gateway(1)])
            #expect(told.entries.map(\.admitted) == [5, 6])
            let one = try #require(told.entries.first)
            #expect(one.debtMicroseconds == 60_000_000 - one.ageMicroseconds)
            #expect(told.epoch >= alone.epoch)
            #expect(abs(told.epoch - Timestamp.now().microseconds / 25_000) < 1200)
            // What was not asked was not written, and what is not followed is not told.
            let back = try await first.exchange([Self.report(2, 6)])
            #expect(back.entries == [])
            #expect(try await first.exchange([Self.report(1, 5)]).entries.map(\.admitted) == [9])
            await first.shutdown()
            await second.shutdown()
        }
    }

    @Test func `leaves sums that end by themselves`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 1)
            for _ in 0..<2 { _ = try await shares.exchange([Self.report(1, 5, debt: 7)]) }
            let key = "postern:limits:\(Self.subject(1))"
            let value = try await Self.ask(server, "HGET", key, Self.gateway(1).description)
            #expect(value.text?.hasPrefix("5 7 ") == true)
            for key in [key, "postern:limits:gateways"] {
                guard case .integer(let left) = try await Self.ask(server, "PTTL", key) else {
                    Issue.record("no time to live")
                    continue
                }
                #expect((1...600_000).contains(left))
            }
            await shares.shutdown()
        }
    }

    @Test func `tells what is old only of a subject that is new, and only while it is owed`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 2)
            let old = Timestamp.now().microseconds - 10_000_000
            for (subject, debt) in [(1, 60_000_000), (2, 9_000_000)] as [(UInt64, Int64)] {
                let key = "postern:limits:\(Self.subject(subject))"
                _ = try await Self.ask(server, "HSET", key, Self.gateway(1).description, "5 \(debt) \(old)")
            }
            let known = try await shares.exchange([Self.report(1, 1), Self.report(2, 1)])
            #expect(known.entries == [])
            let new = try await shares.exchange([Self.report(1, 1, isNew: true), Self.report(2, 1, isNew: true)])
            #expect(new.entries.map(\.subject) == [Self.subject(1)])
            #expect(new.entries.allSatisfy { (1...50_000_000).contains($0.debtMicroseconds) })
            await shares.shutdown()
        }
    }

    @Test func `sweeps what no living gateway wrote`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 2)
            let key = "postern:limits:\(Self.subject(1))"
            let forgotten = Timestamp.now().microseconds - 700_000_000
            _ = try await Self.ask(
                server,
                "HSET",
                key,
                Self.gateway(1).description,
                "5 99999999999 \(forgotten)",
                "stranger",
                "x",
                Self.gateway(3).description,
                "1 2",
                Self.gateway(4).description,
                "-1 0 0"
            )
            _ = try await Self.ask(server, "ZADD", "postern:limits:gateways", "1", Self.gateway(1).description)
            let answer = try await shares.exchange([Self.report(1, 1, isNew: true)])
            #expect(answer.entries == [])
            #expect(answer.gateways == [Self.gateway(2)])
            #expect(try await Self.ask(server, "HLEN", key) == .integer(1))
            #expect(try await Self.ask(server, "ZCARD", "postern:limits:gateways") == .integer(1))
            await shares.shutdown()
        }
    }

    @Test func `leaves at once, and what it counted stays`() async throws {
        try await RedisServer.with { server in
            let first = try await Self.shares(server, 1)
            let second = try await Self.shares(server, 2)
            _ = try await first.exchange([Self.report(1, 5)])
            try await first.leave([Self.report(1, 7)])
            let told = try await second.exchange([Self.report(1, 1)])
            #expect(told.gateways == [Self.gateway(2)])
            #expect(told.entries.map(\.admitted) == [7])
            await first.shutdown()
            await second.shutdown()
            do throws(ShareError) {
                _ = try await second.exchange([])
                Issue.record("exchanged after the shutdown")
            } catch {
                #expect(error == .unreachable("Redis cannot be reached: shut down"))
            }
        }
    }

    @Test func `fails at once while Redis is away, and comes back by itself`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 1)
            try await onThread { try server.kill() }
            for _ in 0..<100 {
                await #expect(throws: ShareError.self) { try await shares.exchange([Self.report(1, 5)]) }
            }
            #expect(!shares.isConnected)
            try await onThread { try server.start() }
            await Self.wait(for: shares)
            #expect(try await shares.exchange([Self.report(1, 5)]).gateways == [Self.gateway(1)])
            await shares.shutdown()
        }
    }

    @Test func `waits a quarter of a second for a Redis that hangs`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 1)
            server.freeze()
            let began = ContinuousClock.now
            await #expect(throws: ShareError.self) { try await shares.exchange([Self.report(1, 5)]) }
            #expect(ContinuousClock.now - began >= ShareRhythm.redisLimit)
            server.thaw()
            await Self.wait(for: shares)
            #expect(try await shares.exchange([Self.report(1, 5)]).entries == [])
            await shares.shutdown()
        }
    }

    @Test func `is refused by a Redis that takes no writes, and asks again on a new connection`() async throws {
        try await RedisServer.with { server in
            let shares = try await Self.shares(server, 1)
            _ = try await Self.ask(server, "CONFIG", "SET", "min-replicas-to-write", "1")
            do throws(ShareError) {
                _ = try await shares.exchange([Self.report(1, 5)])
                Issue.record("nothing was refused")
            } catch {
                #expect("\(error)" == "Redis refused: NOREPLICAS Not enough good replicas to write.")
            }
            _ = try await Self.ask(server, "CONFIG", "SET", "min-replicas-to-write", "0")
            await Self.wait(for: shares)
            #expect(try await shares.exchange([Self.report(1, 5)]).gateways == [Self.gateway(1)])
            await shares.shutdown()
        }
    }
}
