import NIOCore
import NIOPosix
import PosternHTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct HTTPServerTests {
    private static let get = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `serves one request after the other on a connection`() async throws {
        let live = try await LiveServer.start()
        #expect(try #require(live.server.address.port) > 0)
        var client = try await LiveClient.connect(to: live.server.address)
        for count in 1...3 {
            try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nbody\(count)")
            #expect(await client.answers(count).last?.body == "body\(count)")
        }
        try await client.close()
        // Before the stop: which of the two ends a connection first is otherwise up to the machine.
        await live.observer.hears("closed peer")
        await live.stop()
        #expect(live.observer.transcript.first == "opened")
    }

    @Test func `answers a hundred pipelined requests in order though each waits`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        let requests = (1...100).map { "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\($0 + 100)" }
        client.push("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + requests.joined())
        await live.hears("complete")
        live.answerOldest()
        #expect(await client.answers(101).map(\.body) == ["fixed"] + (1...100).map { "\($0 + 100)" })
        await live.stop()
    }

    @Test func `goes on reading after pipelined requests made it pause`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        client.push("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        await live.hears("complete")
        try await client.send(String(repeating: Self.get, count: 50))
        // The echo of another connection on the same loop shows that the loop has seen the first fifty.
        var other = try await LiveClient.connect(to: live.server.address)
        try await other.send(Self.get)
        _ = await other.answers(1)
        try await client.send(String(repeating: Self.get, count: 100))
        live.answerOldest()
        #expect(await client.answers(151).count == 151)
        await live.stop()
    }

    @Test func `takes a chunked body of a megabyte`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        client.push("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<64 { client.push("4000\r\n\(String(repeating: "c", count: 16_384))\r\n") }
        client.push("0\r\n\r\n")
        #expect(await client.answers(1).first?.body.utf8.count == 1 << 20)
        await live.stop()
    }

    @Test func `lets a sender read its refusal while the body still comes`() async throws {
        let live = try await LiveServer.start()
        for _ in 0..<20 {
            var client = try await LiveClient.connect(to: live.server.address)
            client.push("POST /limit/1000 HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
            client.push(String(repeating: "b", count: 3_000_000))
            #expect(await client.allAnswers().map(\.status) == [413])
        }
        await live.stop()
    }

    @Test func `answers a sender that has closed its side`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
        try await client.closeOutput()
        await live.hears("complete")
        live.answerOldest()
        #expect(await client.allAnswers().map(\.status) == [200, 200])
        await live.stop()
    }

    @Test func `writes a large answer whole before it closes`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(await client.allAnswers().first?.body.utf8.count == 1_000_000)
        await live.stop()
    }

    @Test func `closes a connection whose peer does not take its answers`() async throws {
        let live = try await LiveServer.start {
            $0.deadlines.write = .milliseconds(200)
            $0.deadlines.idle = .seconds(600)
        }
        let client = try await LiveClient.connect(to: live.server.address, reads: false)
        client.push(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 20))
        await live.observer.hears("closed write_timeout")
        // Only what one reader may leave unread was begun.
        #expect(live.observer.transcript.count { $0.hasPrefix("answered") } < 20)
        await live.stop()
    }

    @Test func `closes idle connections and late heads in real time`() async throws {
        let live = try await LiveServer.start {
            $0.deadlines.head = .seconds(5)  // Time enough for a loaded machine to connect and send.
            $0.deadlines.idle = .milliseconds(50)
        }
        var silent = try await LiveClient.connect(to: live.server.address)
        #expect(await silent.allAnswers() == [])
        var idle = try await LiveClient.connect(to: live.server.address)
        try await idle.send(Self.get)
        #expect(await idle.allAnswers().map(\.status) == [200])
        var slow = try await LiveClient.connect(to: live.server.address)
        try await slow.send("GET /now HTTP/1.1\r\n")
        #expect(await slow.allAnswers().map(\.status) == [408])
        await live.stop()
    }

    @Test func `refuses connections past the cap and takes them again later`() async throws {
        let live = try await LiveServer.start { $0.limits.connections = 2 }
        var first = try await LiveClient.connect(to: live.server.address)
        var second = try await LiveClient.connect(to: live.server.address)
        try await first.send(Self.get)
        _ = await first.answers(1)
        try await second.send(Self.get)
        _ = await second.answers(1)
        var third = try await LiveClient.connect(to: live.server.address)
        let refused = try #require(await third.allAnswers().first)
        #expect(refused.status == 503)
        #expect(refused.fields["retry-after"] == "5")
        #expect(refused.fields["x-content-type-options"] == "nosniff")
        #expect(refused.body.contains("too_many_connections"))
        try await first.close()
        await live.observer.hears("closed peer")
        var fourth = try await LiveClient.connect(to: live.server.address)
        try await fourth.send(Self.get)
        #expect(await fourth.answers(1).map(\.status) == [200])
        await live.stop()
    }

    @Test func `refuses connections past the cap of their address`() async throws {
        let live = try await LiveServer.start { $0.limits.connectionsPerAddress = 1 }
        var first = try await LiveClient.connect(to: live.server.address)
        try await first.send(Self.get)
        _ = await first.answers(1)
        var second = try await LiveClient.connect(to: live.server.address)
        #expect(await second.allAnswers().map(\.status) == [429])
        #expect(live.observer.transcript.contains("connection refused too_many_connections_from_address"))
        await live.stop()
    }

    @Test func `makes one responder for each loop, on it`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let made = Mutex<[ObjectIdentifier]>([])
        let configuration = HTTPServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
        let server = try await HTTPServer.start(configuration, group: group) { loop in
            loop.preconditionInEventLoop()
            made.withLock { $0.append(ObjectIdentifier(loop)) }
            return ScriptedResponder()
        }
        #expect(Set(made.withLock { $0 }) == Set(group.makeIterator().map { ObjectIdentifier($0) }))
        #expect(made.withLock { $0.count } == 3)
        for _ in 0..<6 {
            var client = try await LiveClient.connect(to: server.address)
            try await client.send(Self.get)
            #expect(await client.answers(1).map(\.status) == [200])
        }
        await server.shutdownGracefully(within: .seconds(1))
        try await group.shutdownGracefully()
    }
}
