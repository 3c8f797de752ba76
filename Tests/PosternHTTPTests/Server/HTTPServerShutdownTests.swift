import PosternHTTP
import Testing

@Suite(.timeLimit(.minutes(5))) struct HTTPServerShutdownTests {
    private static let later = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `finishes the request in progress and says that it closes`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send(Self.later)
        await live.hears("complete")
        var idle = try await LiveClient.connect(to: live.server.address)
        try await idle.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await idle.answers(1).map(\.fields["connection"]) == [nil])
        async let stopped: Void = live.server.shutdownGracefully(within: .seconds(30))
        #expect(await idle.allAnswers().count == 1)
        live.answerOldest()
        let answers = await client.allAnswers()
        #expect(answers.map(\.status) == [200])
        #expect(answers.map(\.fields["connection"]) == ["close"])
        await stopped
        #expect(live.observer.transcript.count { $0 == "closed shutdown" } == 2)
    }

    @Test func `takes no further connection`() async throws {
        let live = try await LiveServer.start()
        await live.server.shutdownGracefully(within: .seconds(1))
        await #expect(throws: (any Error).self) { _ = try await LiveClient.connect(to: live.server.address) }
    }

    @Test func `finishes a request whose body still comes`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
        await live.hears("begin")
        async let stopped: Void = live.server.shutdownGracefully(within: .seconds(30))
        try await client.send("cd")
        #expect(await client.allAnswers().map(\.body) == ["abcd"])
        await stopped
    }

    @Test func `closes what is left when the deadline has passed`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n")
        await live.hears("complete")
        await live.server.shutdownGracefully(within: .milliseconds(50))
        #expect(await client.allAnswers() == [])
        await live.hears("aborted /silent shutdown")
        await live.observer.hears("closed shutdown")
    }

    @Test func `answers only the request in progress of a pipeline`() async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send(Self.later + Self.later)
        await live.hears("complete")
        async let stopped: Void = live.server.shutdownGracefully(within: .seconds(30))
        var late = try? await LiveClient.connect(to: live.server.address)
        while late != nil {
            _ = await late?.allAnswers()
            late = try? await LiveClient.connect(to: live.server.address)
        }
        live.answerOldest()
        #expect(await client.allAnswers().map(\.fields["connection"]) == ["close"])
        await stopped
    }

    @Test func `may be asked twice`() async throws {
        let live = try await LiveServer.start()
        await live.server.shutdownGracefully(within: .seconds(1))
        await live.server.shutdownGracefully(within: .seconds(1))
    }
}
