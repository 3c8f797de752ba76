import FoundationEssentials
import Histogram
import NIOCore
import PosternLoad
import PosternModel
import PosternTesting
import Synchronization
import Testing

@Suite struct LoadRunTests {
    private static let secret = "load-test-secret-0123456789"

    /// Runs against a server on loopback.
    private func run(
        port: Int,
        _ change: (inout LoadSettings) -> Void
    ) async throws -> LoadResult {
        var settings = LoadSettings()
        settings.connections = 4
        settings.warmupSeconds = 0
        settings.length = .seconds(0.3)
        change(&settings)
        let authority = "127.0.0.1:\(port)"
        let endpoint = try SigningEndpoint(
            platform: "github",
            secret: Secret(Self.secret),
            origin: "http://\(authority)"
        )
        let drafts = try DraftMaker(endpoint, target: "/hook", run: .timeOrdered(at: .now()), now: .now())
            .drafts(.sizes([512]))
        let requests = try TargetRequests(
            drafts,
            endpoint,
            paths: ["/hook"],
            authority: authority,
            forgeries: settings.mix.forgeries > 0,
            now: .now()
        )
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        return try await LoadRun(settings, [LoadTarget(address: address, requests: requests)]).run()
    }

    @Test(.timeLimit(.minutes(5)), arguments: [1, 2])
    func `sends exactly as many requests as it is told`(threads: Int) async throws {
        try await FakeDestination.with { server in
            let result = try await self.run(port: server.port) {
                $0.threads = threads
                $0.length = .requests(501)
            }
            #expect(result.figures.answered == 501)
            #expect(result.figures.acknowledged == 501)
            #expect(result.figures.errors == 0)
            #expect(result.figures.latencies.totalCount == 501)
            #expect(result.perSecond > 0)
            #expect(server.count == 501)
            #expect(Set(server.requests.compactMap { $0.header("X-GitHub-Delivery") }).count == 501)
            #expect(server.requests.allSatisfy { $0.body.count == 512 && $0.path == "/hook" })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `counts what was answered by status`() async throws {
        let count = Atomic(0)
        let reply: @Sendable (FakeDestination.Request) -> FakeDestination.Reply = { _ in
            let number = count.add(1, ordering: .relaxed).newValue
            return .status(number % 10 == 0 ? 503 : 202, body: "{}")
        }
        try await FakeDestination.with(reply: reply) { server in
            let result = try await self.run(port: server.port) { $0.length = .requests(200) }
            #expect(result.figures.statuses.map(\.status) == [202, 503])
            #expect(result.figures.statuses.map(\.count) == [180, 20])
            #expect(result.figures.acknowledged == 180)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `notes in the ledger what was acknowledged, and only that`() async throws {
        let path = "\(FileManager.default.temporaryDirectory.path)/ledger-\(UniqueID.timeOrdered(at: .now()))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let count = Atomic(0)
        let reply: @Sendable (FakeDestination.Request) -> FakeDestination.Reply = { request in
            let number = count.add(1, ordering: .relaxed).newValue
            guard number % 2 == 0 else { return .status(500) }
            return .status(200, headers: [("Postern-Delivery-Id", "id-\(request.header("X-GitHub-Delivery") ?? "")")])
        }
        try await FakeDestination.with(reply: reply) { server in
            let result = try await self.run(port: server.port) {
                $0.length = .requests(100)
                $0.ledger = path
                $0.mix = RequestMix(forgeries: 0.1)
            }
            let contents = try #require(FileManager.default.contents(atPath: path))
            let lines = String(decoding: contents, as: UTF8.self).split(separator: "\n").map {
                $0.split(separator: " ")
            }
            #expect(lines.count == result.figures.acknowledged)
            // Every tenth was forged, and a forged request is nobody's, whatever the server says.
            #expect(result.figures.forgedSent == 10)
            #expect(lines.count == 50 - result.figures.forgedAccepted)
            let now = Timestamp.now()
            for line in lines {
                try #require(line.count == 3)
                #expect(line[0] == "id-\(line[1])")
                let time = Timestamp(microseconds: try #require(Int64(line[2])))
                #expect(abs(now.microseconds(since: time)) < 60_000_000)
            }
        }
    }

    /// A closed loop, or an open one that measures from the time of sending, would see one slow answer here.
    @Test(.timeLimit(.minutes(5)))
    func `charges a server that stands still for everybody who came meanwhile`() async throws {
        let stall = Duration.milliseconds(500)
        let firstRequest = Mutex<ContinuousClock.Instant?>(nil)
        let reply: @Sendable (FakeDestination.Request) -> FakeDestination.Reply = { _ in
            let now = ContinuousClock.now
            let start = firstRequest.withLock { first in
                first = first ?? now
                return first ?? now
            }
            let left = start + stall - now
            return left > .zero ? .late(200, after: left) : .status(200)
        }
        try await FakeDestination.with(reply: reply) { server in
            let result = try await self.run(port: server.port) {
                $0.connections = 2
                $0.rate = 400
                $0.length = .seconds(1)
            }
            let latencies = result.figures.latencies
            // On a busy machine many are still due when the second is over.
            #expect(result.figures.answered + result.figures.unsent == 400)
            // 200 were due during the stall. The first ones waited all of it, and half of them more than half of it; two
            // connections that measure from the time of sending would count two.
            #expect(latencies.maxRecorded > 450_000)
            #expect(latencies.count(within: 250_000...10_000_000) >= 20)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `says what was due and never sent`() async throws {
        try await FakeDestination.with(reply: { _ in .hang }) { server in
            let result = try await self.run(port: server.port) {
                $0.connections = 2
                $0.rate = 100
                $0.length = .seconds(0.5)
                $0.timeoutMilliseconds = 2000
            }
            #expect(result.figures.answered == 0)
            #expect(result.figures.unsent == 48)
            #expect(result.figures.timeouts == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `closes a connection whose answer is late, and goes on`() async throws {
        let count = Atomic(0)
        let reply: @Sendable (FakeDestination.Request) -> FakeDestination.Reply = { _ in
            count.add(1, ordering: .relaxed).newValue <= 2 ? .hang : .status(200)
        }
        try await FakeDestination.with(reply: reply) { server in
            let result = try await self.run(port: server.port) {
                $0.connections = 2
                $0.length = .requests(50)
                $0.timeoutMilliseconds = 200
            }
            #expect(result.figures.timeouts == 2)
            #expect(result.figures.answered == 48)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `counts lost connections, and makes new ones`() async throws {
        let count = Atomic(0)
        let reply: @Sendable (FakeDestination.Request) -> FakeDestination.Reply = { _ in
            count.add(1, ordering: .relaxed).newValue % 10 == 5 ? .reset : .status(200)
        }
        try await FakeDestination.with(reply: reply) { server in
            let result = try await self.run(port: server.port) { $0.length = .requests(100) }
            #expect(result.figures.resets == 10)
            #expect(result.figures.answered == 90)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `waits after a refusal where it goes on whatever happens`() async throws {
        try await FakeDestination.with(reply: { _ in .status(503) }) { server in
            let result = try await self.run(port: server.port) {
                $0.connections = 1
                $0.keepsGoing = true
                $0.length = .seconds(0.6)
            }
            // After 10, 20, 40, 80, 160 and 200 ms: the seventh comes at about 510 ms.
            #expect((4...7).contains(result.figures.answered))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `sends ahead on one connection where it is told to`() async throws {
        try await FakeDestination.with { server in
            let result = try await self.run(port: server.port) {
                $0.connections = 1
                $0.pipelining = 8
                $0.length = .requests(200)
            }
            #expect(result.figures.answered == 200)
            #expect(server.count == 200)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `gives up on a server that is not there`() async throws {
        let server = try await FakeDestination.start()
        let port = server.port
        try await server.stop()
        let failure = await #expect(throws: LoadFailure.self) { try await self.run(port: port) { _ in } }
        #expect(failure == .unreachable("no connection to 127.0.0.1:\(port) for 5 s"))
        #expect(failure?.exitStatus == 3)
    }

    @Test(.timeLimit(.minutes(5)))
    func `goes on without a server where it is told to`() async throws {
        let server = try await FakeDestination.start()
        let port = server.port
        try await server.stop()
        let result = try await self.run(port: port) { $0.keepsGoing = true }
        #expect(result.figures.answered == 0)
        #expect(result.figures.connectErrors > 0)
    }
}
