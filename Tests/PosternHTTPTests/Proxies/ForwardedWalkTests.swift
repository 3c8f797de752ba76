import PosternHTTP
import Testing

@Suite struct ForwardedWalkTests {
    /// A request through a proxy, and the address it must be counted for.
    struct Case: Sendable, CustomTestStringConvertible {
        let lines: [String]
        let address: String
        var testDescription: String { self.lines.joined(separator: " | ") }

        init(_ lines: [String], _ address: String) {
            self.lines = lines
            self.address = address
        }

        init(_ line: String, _ address: String) { self.init([line], address) }
    }

    private static let proxy = "10.0.0.1"

    private func peer(
        of lines: [String],
        field: ForwardedField,
        from connection: String = Self.proxy
    ) throws -> String? {
        let trusted = try ["10.0.0.0/8", "2001:db8:cafe::/48"].map { try #require(NetworkPrefix(text: $0)) }
        let server = try EmbeddedServer(peer: connection) {
            $0.trustedProxies = NetworkSet(trusted)
            $0.forwardedField = field
        }
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\(lines.map { "\($0)\r\n" }.joined())\r\n")
        #expect(server.statuses == [200])
        #expect(server.responder.transcript == ["begin GET /now"])
        return server.responder.peers.first?.description
    }

    @Test(arguments: [
        Case([], Self.proxy),
        Case("X-Forwarded-For: 192.0.2.1", "192.0.2.1"),
        Case("x-forwarded-FOR:192.0.2.1", "192.0.2.1"),
        Case("X-Forwarded-For: 192.0.2.1, 10.0.0.9", "192.0.2.1"),
        Case("X-Forwarded-For: 203.0.113.5, 192.0.2.1, 10.0.0.9 ,10.0.0.8", "192.0.2.1"),
        Case(["X-Forwarded-For: 203.0.113.5", "X-Forwarded-For: 192.0.2.1, 10.0.0.9"], "192.0.2.1"),
        Case(["X-Forwarded-For: 192.0.2.1", "X-Other: 203.0.113.5", "X-Forwarded-For: 10.0.0.9"], "192.0.2.1"),
        Case("X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3"),
        Case("X-Forwarded-For: nonsense, 192.0.2.1", "192.0.2.1"),
        Case("X-Forwarded-For: 192.0.2.1, nonsense", Self.proxy),
        Case("X-Forwarded-For: 192.0.2.1, nonsense, 10.0.0.9", "10.0.0.9"),
        Case("X-Forwarded-For: 192.0.2.1, unknown, 10.0.0.9", "10.0.0.9"),
        Case("X-Forwarded-For: ", Self.proxy),
        Case("X-Forwarded-For: 192.0.2.1,,10.0.0.9,", "192.0.2.1"),
        Case("X-Forwarded-For: 192.0.2.1:5678", "192.0.2.1"),
        Case("X-Forwarded-For: 192.0.2.1:567890", Self.proxy),
        Case("X-Forwarded-For: 2001:db8::1", "2001:db8:0:0:0:0:0:1"),
        Case("X-Forwarded-For: [2001:db8::1]:80, 2001:db8:cafe::2", "2001:db8:0:0:0:0:0:1"),
        Case("X-Forwarded-For: [2001:db8::1]80", Self.proxy),
        Case("X-Forwarded-For: [192.0.2.1]", Self.proxy),
        Case("X-Forwarded-For: fe80::1%eth0", Self.proxy),
        Case("X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1"),
        Case("Forwarded: for=192.0.2.1", Self.proxy),
    ])
    func `follows X-Forwarded-For from the right over trusted proxies`(request: Case) throws {
        #expect(try self.peer(of: request.lines, field: .xForwardedFor) == request.address)
    }

    @Test(arguments: [
        Case("Forwarded: for=192.0.2.1", "192.0.2.1"),
        Case("forwarded: FOR=\"192.0.2.1:47011\";proto=http;by=10.0.0.1", "192.0.2.1"),
        Case("Forwarded: proto=https;for=192.0.2.1, for=10.0.0.9", "192.0.2.1"),
        Case("Forwarded: for=\"[2001:db8::1]:4711\"", "2001:db8:0:0:0:0:0:1"),
        Case("Forwarded: for=\"[2001:db8::1]\", for=\"[2001:db8:cafe::17]:_port\"", "2001:db8:0:0:0:0:0:1"),
        Case("Forwarded: for=2001:db8::1", Self.proxy),
        Case("Forwarded: for=\"2001:db8::1\"", Self.proxy),
        Case("Forwarded: for=unknown", Self.proxy),
        Case("Forwarded: for=_hidden, for=10.0.0.9", "10.0.0.9"),
        Case("Forwarded: for=192.0.2.1, for=\"_gazonk\", for=10.0.0.9", "10.0.0.9"),
        Case("Forwarded: for=203.0.113.5, for=192.0.2.1, for=10.0.0.9", "192.0.2.1"),
        Case(["Forwarded: for=203.0.113.5", "Forwarded: for=192.0.2.1", "Forwarded: for=10.0.0.9"], "192.0.2.1"),
        Case("Forwarded: for=192.0.2.1, proto=https, for=10.0.0.9", "10.0.0.9"),
        Case("Forwarded: for=192.0.2.1;for=203.0.113.5", Self.proxy),
        Case("Forwarded: for=192.0.2.1;host=\"a, for=203.0.113.5\"", "192.0.2.1"),
        Case("Forwarded: for=192.0.2.1;host=\"a\\\", for=203.0.113.5\"", "192.0.2.1"),
        Case("Forwarded: for=192.0.2.1;host=\"a\\\\\", for=10.0.0.9", "192.0.2.1"),
        Case("Forwarded: host=\"x;for=203.0.113.5\";for=192.0.2.1", "192.0.2.1"),
        Case("Forwarded: for=\"open, for=192.0.2.1", "192.0.2.1"),
        Case("Forwarded: for=192.0.2.1, for=\"", Self.proxy),
        Case("Forwarded: for=192.0.2.1, for=\"10.0.0.9", Self.proxy),
        Case("Forwarded: for =192.0.2.1", Self.proxy),
        Case("Forwarded: nonsense", Self.proxy),
        Case("Forwarded: , for=192.0.2.1 ,", "192.0.2.1"),
        Case("Forwarded:", Self.proxy),
        Case("X-Forwarded-For: 192.0.2.1", Self.proxy),
    ])
    func `follows Forwarded from the right over trusted proxies`(request: Case) throws {
        #expect(try self.peer(of: request.lines, field: .forwarded) == request.address)
    }

    @Test(arguments: ForwardedField.allCases)
    func `believes nobody else`(field: ForwardedField) throws {
        let lines = ["X-Forwarded-For: 203.0.113.5", "Forwarded: for=203.0.113.5"]
        #expect(try self.peer(of: lines, field: field, from: "192.0.2.7") == "192.0.2.7")
    }

    @Test func `believes no field when told so`() throws {
        let lines = ["X-Forwarded-For: 203.0.113.5", "Forwarded: for=203.0.113.5"]
        #expect(try self.peer(of: lines, field: .none) == Self.proxy)
    }

    @Test func `asks anew for every request of a connection`() throws {
        let server = try EmbeddedServer(peer: "10.0.0.1") {
            $0.trustedProxies = NetworkSet([NetworkPrefix(text: "10.0.0.0/8")].compactMap(\.self))
        }
        for field in ["X-Forwarded-For: 192.0.2.1\r\n", "", "X-Forwarded-For: 192.0.2.2\r\n"] {
            server.send("GET /now HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
        }
        #expect(server.responder.peers.map(\.description) == ["192.0.2.1", "10.0.0.1", "192.0.2.2"])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `survives damage and never leaves the trusted side of it`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("for=\"\\,;:[]_ %a1.")
        for _ in 0..<200 {
            let junk = String(
                (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            )
            #expect(try self.peer(of: ["Forwarded: \(junk), for=192.0.2.1"], field: .forwarded) == "192.0.2.1")
            #expect(try self.peer(of: ["X-Forwarded-For: \(junk),192.0.2.1"], field: .xForwardedFor) == "192.0.2.1")
            _ = try self.peer(of: ["Forwarded: \(junk)"], field: .forwarded)
        }
    }
}
