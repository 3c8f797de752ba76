import FoundationEssentials
import NIOCore
import PosternHTTP
import Testing

/// Clients that hold on to the server, over live sockets, with deadlines short enough to wait for.
@Suite(.timeLimit(.minutes(5))) struct HostileClientTests {
    private func server(_ adjust: (inout ConnectionDeadlines) -> Void = { _ in }) async throws -> LiveServer {
        var deadlines = ConnectionDeadlines()
        deadlines.linger = .milliseconds(200)
        adjust(&deadlines)
        return try await LiveServer.start { $0.deadlines = deadlines }
    }

    private static func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(pages[1])) * 4096
    }

    @Test func `answers 408 to a head that drips`() async throws {
        let live = try await self.server { $0.head = .seconds(2) }
        var client = try await LiveClient.connect(to: live.server.address)
        // The time of a later head runs from its first byte, however late the client comes to send it.
        try await client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await client.answers(1).map(\.status) == [200])
        let padding = String(repeating: "a", count: 1000)
        client.drip("GET /later HTTP/1.1\r\nHost: a\r\nX: \(padding)\r\n\r\n", every: .milliseconds(10))
        #expect(await client.allAnswers().map(\.status) == [200, 408])
        #expect(try await live.transcript() == ["begin GET /now"])
        await live.stop()
    }

    @Test func `answers 408 to a body that drips and tells the responder`() async throws {
        let live = try await self.server { $0.body = .milliseconds(300) }
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        client.drip(String(repeating: "a", count: 1000), every: .milliseconds(10))
        #expect(await client.allAnswers().map(\.status) == [408])
        await live.hears("aborted /echo refused")
        #expect(try await !live.transcript().contains { $0.hasPrefix("complete") })
        await live.stop()
    }

    @Test func `answers 408 to chunks that drip`() async throws {
        let live = try await self.server { $0.body = .milliseconds(300) }
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.drip(String(repeating: "1\r\na\r\n", count: 200), every: .milliseconds(10))
        #expect(await client.allAnswers().map(\.status) == [408])
        await live.stop()
    }

    @Test func `closes a kept connection that sends nothing more`() async throws {
        let live = try await self.server { $0.idle = .milliseconds(200) }
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await client.allAnswers().map(\.status) == [200])
        await live.observer.hears("closed idle")
        await live.stop()
    }

    @Test func `gives up a peer that vanishes behind its head`() async throws {
        let live = try await self.server { $0.body = .milliseconds(200) }
        let client = try await LiveClient.connect(to: live.server.address, reads: false)
        try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
        await live.hears("aborted /echo refused")
        // It never says that it is gone: only the time for closing ends the connection.
        await live.observer.hears("closed refused")
        await live.stop()
    }

    @Test func `aborts the request of a peer that resets`() async throws {
        let live = try await self.server()
        let client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        await live.hears("complete")
        try await client.reset()
        await live.hears("aborted /later disconnected")
        await live.stop()
    }

    @Test func `holds no memory for a peer that asks and does not read`() async throws {
        let live = try await self.server { $0.write = .milliseconds(300) }
        let client = try await LiveClient.connect(to: live.server.address, reads: false)
        client.push(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 100))
        await live.observer.hears("closed write_timeout")
        // A hundred megabytes were asked for; no request is begun while one answer waits.
        let begun = try await live.transcript().filter { $0.hasPrefix("begin") }.count
        #expect((1...10).contains(begun))
        await live.stop()
    }

    @Test(arguments: [
        ("blanks behind a colon", "GET / HTTP/1.1\r\nHost: a\r\nX:", " "),
        ("empty lines", "", "\r\n"),
        ("a value", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "a"),
        ("a name", "GET / HTTP/1.1\r\nHost: a\r\n", "a"),
        ("fields", "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n"),
        ("a target", "GET /", "a"),
    ])
    func `refuses a head without end`(name: String, start: String, unit: String) async throws {
        let live = try await self.server()
        var client = try await LiveClient.connect(to: live.server.address)
        client.push(start + String(repeating: unit, count: 400_000 / unit.utf8.count))
        #expect(await client.allAnswers().map(\.status) == [431])
        #expect(try await live.transcript().isEmpty)
        await live.stop()
    }

    @Test(arguments: [
        ("an extension", "5;a=", "b"),
        ("chunks that are mostly extension", "", "1;\(String(repeating: "b", count: 500))\r\na\r\n"),
        ("leading zeros", "", "0"),
        ("blanks behind a trailer's colon", "0\r\nX:", " "),
        ("trailers", "0\r\n", "X: y\r\n"),
    ])
    func `refuses chunks that are nothing but frame`(name: String, start: String, unit: String) async throws {
        let live = try await self.server()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        await live.hears("begin")
        client.push(start + String(repeating: unit, count: 400_000 / unit.utf8.count))
        let statuses = await client.allAnswers().map(\.status)
        #expect(statuses == [400] || statuses == [431])
        await live.hears("aborted /echo refused")
        await live.stop()
    }

    @Test func `takes a body in chunks of one byte`() async throws {
        let live = try await self.server()
        var client = try await LiveClient.connect(to: live.server.address)
        client.push("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.push(String(repeating: "1\r\na\r\n", count: 100_000) + "0\r\n\r\n")
        #expect(await client.answers(1).first?.body.utf8.count == 100_000)
        try await client.close()
        await live.stop()
    }

    @Test(arguments: ["Connection: Upgrade\r\nUpgrade: x", "Connection: close"])
    func `drops what follows the last request while it waits for its answer`(field: String) async throws {
        let live = try await self.server()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /later HTTP/1.1\r\nHost: a\r\n\(field)\r\nContent-Length: 2\r\n\r\nhi")
        await live.hears("complete")
        let before = try Self.residentBytes()
        let megabyte = String(repeating: "x", count: 1 << 20)
        for _ in 0..<256 { try await client.send(megabyte) }
        // Half of what was sent leaves room for what else runs meanwhile.
        #expect(try Self.residentBytes() - before < 128 << 20)
        live.answerOldest()
        #expect(await client.answers(1).map(\.status) == [200])
        #expect(try await live.transcript().filter { $0.hasPrefix("begin") } == ["begin POST /later"])
        await live.stop()
    }

    @Test func `answers what it admitted of ten thousand pipelined requests and closes`() async throws {
        let live = try await LiveServer.start { $0.limits.pipelinedRequests = 8 }
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        await live.hears("complete")
        client.push(String(repeating: "GET /now HTTP/1.1\r\nHost: a\r\n\r\n", count: 10_000))
        // The first read that brings more than eight is the last: answer once it has come.
        await live.turnOver()
        live.answerOldest()
        let answers = await client.allAnswers()
        #expect(answers.count >= 1)
        #expect(answers.count < 10_000)
        #expect(answers.allSatisfy { $0.status == 200 })
        let begun = try await live.transcript().filter { $0.hasPrefix("begin") }.count
        #expect(begun == answers.count)
        await live.stop()
    }

    @Test func `answers a new connection beside two thousand idle ones`() async throws {
        let live = try await LiveServer.start {
            $0.limits.connectionsPerAddress = nil
            $0.deadlines.head = .seconds(300)
            $0.deadlines.idle = .seconds(300)
        }
        let openFiles = try #require(live.server.openFiles)
        // Both ends of every connection are files of this process.
        try #require(openFiles.soft > 5000)
        var idle: [LiveClient] = []
        for _ in 0..<40 {
            idle += try await withThrowingTaskGroup(of: LiveClient.self) { group in
                for _ in 0..<50 { group.addTask { try await LiveClient.connect(to: live.server.address) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(idle.count == 2000)
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await client.answers(1).map(\.status) == [200])
        var last = try #require(idle.last)
        try await last.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await last.answers(1).map(\.status) == [200])
        #expect(live.observer.transcript.filter { $0 == "opened" }.count == 2001)
        #expect(!live.observer.transcript.contains { $0.hasPrefix("closed") })
        try await client.close()
        for client in idle { try await client.close() }
        await live.stop()
    }
}
