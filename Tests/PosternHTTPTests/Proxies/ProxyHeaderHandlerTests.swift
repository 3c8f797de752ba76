import NIOCore
import PosternHTTP
import Testing

@Suite struct ProxyHeaderHandlerTests {
    private static let request = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let header = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 443\r\n"

    private func server(
        limits: ConnectionLimits = .init(),
        peer: String = "10.0.0.1",
        field: ForwardedField = .xForwardedFor
    ) throws -> EmbeddedServer {
        let trusted = try #require(NetworkPrefix(text: "10.0.0.0/8"))
        return try EmbeddedServer(limits: limits, peer: peer) {
            $0.trustedProxies = NetworkSet([trusted])
            $0.proxyProtocol = true
            $0.forwardedField = field
        }
    }

    @Test func `counts requests for the address the header names, wherever it is cut`() throws {
        let bytes = Array((Self.header + Self.request + Self.request).utf8)
        for cut in bytes.indices {
            let server = try self.server()
            server.send(bytes[..<cut])
            server.send(bytes[cut...])
            #expect(server.statuses == [200, 200])
            #expect(server.responder.peers.map(\.description) == ["192.0.2.1", "192.0.2.1"])
        }
        let server = try self.server()
        for byte in bytes { server.send([byte]) }
        #expect(server.statuses == [200, 200])
    }

    @Test func `keeps the connection's address when the proxy speaks for itself`() throws {
        let server = try self.server()
        server.send("PROXY UNKNOWN\r\n\(Self.request)")
        #expect(server.responder.peers.map(\.description) == ["10.0.0.1"])
    }

    @Test func `looks for no header from others`() throws {
        let server = try self.server(peer: "192.0.2.7")
        server.send(Self.header + Self.request)
        #expect(server.statuses == [400])
        let plain = try self.server(peer: "192.0.2.7")
        plain.send(Self.request)
        #expect(plain.responder.peers.map(\.description) == ["192.0.2.7"])
    }

    @Test func `believes a field only of a trusted address behind the header`() throws {
        let field = "GET /now HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n"
        let direct = try self.server()
        direct.send(Self.header + field)
        #expect(direct.responder.peers.map(\.description) == ["192.0.2.1"])
        let chained = try self.server()
        chained.send("PROXY TCP4 10.0.0.2 10.0.0.1 1 2\r\n" + field)
        #expect(chained.responder.peers.map(\.description) == ["203.0.113.5"])
    }

    @Test(arguments: [Self.request, "PROXY TCP4 nonsense\r\n" + Self.request, "\r\n\r\n\0\r\nQUIT\n\u{0F}\u{11}\0\0"])
    func `closes without a word when a trusted proxy sends no header`(bytes: String) throws {
        let server = try self.server()
        server.send(bytes)
        server.send(Self.request)
        #expect(server.statuses == [])
        #expect(server.responder.transcript.isEmpty)
        #expect(!server.isOpen)
        #expect(server.observer.transcript == ["opened", "closed refused"])
        #expect(server.ledger.count == 0)
    }

    @Test(arguments: [0, 1, 20, Self.header.utf8.count])
    func `gives the header no more time than a head, and no answer`(bytes: Int) throws {
        let server = try self.server()
        server.send(Self.header.utf8.prefix(bytes))
        server.pass(.seconds(9))
        #expect(server.isOpen)
        server.pass(.seconds(1))
        #expect(!server.isOpen)
        #expect(server.statuses == [])
        #expect(server.observer.transcript == ["opened", "closed idle"])
    }

    @Test func `answers 408 when the head behind the header is late`() throws {
        let server = try self.server()
        server.send(Self.header + "GET / HT")
        server.pass(.seconds(10))
        #expect(server.statuses == [408])
    }

    @Test func `holds the address the header names to its cap, and the proxy to none`() throws {
        var limits = ConnectionLimits()
        limits.connectionsPerAddress = 1
        let server = try self.server(limits: limits)
        let network = try #require(PeerAddress(text: "192.0.2.1"))
        #expect(server.ledger.admit(network) == .admitted)
        server.send(Self.header + Self.request)
        #expect(server.statuses == [429])
        #expect(server.responder.transcript.isEmpty)
        #expect(!server.isOpen)
        #expect(server.observer.transcript.contains("connection refused too_many_connections_from_address"))
        #expect(server.ledger.count == 1)
        server.ledger.release(network)
        let next = try self.server(limits: limits)
        next.send(Self.header + Self.request)
        #expect(next.statuses == [200])
        #expect(next.ledger.name(network) == .tooManyConnectionsFromAddress)
        next.channel.close(promise: nil)
        #expect(next.ledger.count == 0)
        #expect(next.ledger.name(network) == nil)
    }

    @Test(.timeLimit(.minutes(5))) func `works on a socket, for a listed proxy and no other`() async throws {
        let live = try await LiveServer.start {
            $0.trustedProxies = NetworkSet([NetworkPrefix(text: "127.0.0.0/8")].compactMap(\.self))
            $0.proxyProtocol = true
            $0.limits.connectionsPerAddress = 1
        }
        var first = try await LiveClient.connect(to: live.server.address)
        var second = try await LiveClient.connect(to: live.server.address)
        var third = try await LiveClient.connect(to: live.server.address)
        try await first.send("PROXY TCP4 192.0.2.1 198.51.100.2 40000 443\r\n\(Self.request)")
        #expect(await first.answers(1).map(\.status) == [200])
        try await second.send("PROXY TCP4 192.0.2.2 198.51.100.2 40000 443\r\n\(Self.request)")
        #expect(await second.answers(1).map(\.status) == [200])
        try await third.send("PROXY TCP4 192.0.2.1 198.51.100.2 40000 443\r\n\(Self.request)")
        #expect(await third.allAnswers().map(\.status) == [429])
        var plain = try await LiveClient.connect(to: live.server.address)
        plain.push(Self.request)
        #expect(await plain.allAnswers() == [])
        try await first.close()
        try await second.close()
        await live.stop()
    }
}
