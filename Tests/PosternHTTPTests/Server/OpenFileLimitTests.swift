import PosternHTTP
import Testing

@Suite struct OpenFileLimitTests {
    @Test func `raises the soft limit to the hard one, and may be asked twice`() throws {
        let before = try #require(OpenFileLimit.current)
        let raised = try #require(OpenFileLimit.raise())
        #expect(raised.hard == before.hard)
        #expect(raised.soft == raised.hard)
        #expect(OpenFileLimit.raise() == raised)
        #expect(OpenFileLimit.current == raised)
    }

    @Test func `is raised when a server starts, which says so`() async throws {
        let live = try await LiveServer.start()
        #expect(live.server.openFiles == OpenFileLimit.current)
        #expect(live.server.openFiles?.soft == live.server.openFiles?.hard)
        await live.stop()
    }

    @Test func `lets ten thousand idle connections in by default`() {
        #expect(ConnectionLimits().connections == 16_384)
    }
}
