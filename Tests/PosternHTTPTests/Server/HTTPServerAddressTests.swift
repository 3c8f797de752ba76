import Glibc
import PosternHTTP
import Testing

@Suite(.timeLimit(.minutes(5))) struct HTTPServerAddressTests {
    private static let get = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"

    private func path() -> String { "/tmp/postern-http-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock" }

    @Test func `says that a port is taken`() async throws {
        let live = try await LiveServer.start()
        let address = live.server.address
        await #expect(throws: HTTPServerError.addressInUse(address)) {
            _ = try await LiveServer.start(address: address)
        }
        await live.stop()
    }

    @Test func `shares a port when told to`() async throws {
        let first = try await LiveServer.start { $0.sharesPort = true }
        let second = try await LiveServer.start(address: first.server.address) { $0.sharesPort = true }
        #expect(first.server.address == second.server.address)
        await first.stop()
        var client = try await LiveClient.connect(to: second.server.address)
        try await client.send(Self.get)
        #expect(await client.answers(1).map(\.status) == [200])
        await second.stop()
    }

    @Test func `says that an address is not of this machine`() async throws {
        let address = ListenAddress.tcp(host: "192.0.2.1", port: 0)
        let error = await #expect(throws: HTTPServerError.self) { _ = try await LiveServer.start(address: address) }
        #expect(
            try #require(error).description.hasPrefix(
                "cannot listen on 192.0.2.1:0: it is not an address of this machine"
            )
        )
    }

    @Test func `listens on IPv6 and knows IPv4 peers behind it`() async throws {
        let live = try await LiveServer.start(address: .tcp(host: "::1", port: 0))
        var client = try await LiveClient.connect(to: live.server.address)
        try await client.send(Self.get)
        #expect(await client.answers(1).map(\.status) == [200])
        await live.stop()
    }

    @Test func `listens on a unix socket`() async throws {
        let path = self.path()
        defer { unsafe unlink(path) }
        let address = ListenAddress.unix(path: path)
        let live = try await LiveServer.start(address: address) { $0.limits.connectionsPerAddress = 1 }
        #expect(live.server.address == address)
        var first = try await LiveClient.connect(to: address)
        var second = try await LiveClient.connect(to: address)
        try await first.send(Self.get)
        try await second.send(Self.get)
        #expect(await first.answers(1).map(\.status) == [200])
        #expect(await second.answers(1).map(\.status) == [200])
        await live.stop()
    }

    @Test func `replaces a unix socket nobody listens on, and no other`() async throws {
        let path = self.path()
        defer { unsafe unlink(path) }
        let address = ListenAddress.unix(path: path)
        let dead = try await LiveServer.start(address: address)
        await #expect(throws: HTTPServerError.addressInUse(address)) {
            _ = try await LiveServer.start(address: address)
        }
        await dead.stop()
        let live = try await LiveServer.start(address: address)
        var client = try await LiveClient.connect(to: address)
        try await client.send(Self.get)
        #expect(await client.answers(1).map(\.status) == [200])
        await live.stop()
    }

    @Test func `says that a folder does not exist`() async throws {
        let address = ListenAddress.unix(path: "/nonexistent/postern.sock")
        let error = await #expect(throws: HTTPServerError.self) { _ = try await LiveServer.start(address: address) }
        guard case .addressUnavailable(address, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
