import NIOHTTP1
import PosternModel
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct SecureConnectionTests {
    private static let lookup = TableLookup(["hook.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]])

    @Test func `is made to the host whose name the certificate has, at the address that was checked`() async throws {
        try await TestCertificate.with(name: "hook.test") { certificate in
            try await WireServer.with(tls: try certificate.serverContext()) { server, port in
                let target = try OutboundTarget.sample("https://hook.test:\(port)/in", allowsPrivate: true)
                try await OutboundClient.with(Self.lookup) {
                    $0.additionalCertificates = certificate.file
                } _: { client in
                    for _ in 0..<5 {
                        let answer = await client.send(to: target)
                        #expect(answer.status == 200, "\(answer.result)")
                    }
                }
                #expect(server.requests.count == 5)
                #expect(server.connections == 1)
                #expect(server.requests.first?.head.headers["host"] == ["hook.test:\(port)"])
            }
        }
    }

    @Test(arguments: ["other.test", "127.0.0.1"])
    func `is not made to a host that the certificate is not for`(host: String) async throws {
        try await TestCertificate.with(name: "hook.test") { certificate in
            try await WireServer.with(tls: try certificate.serverContext()) { server, port in
                let target = try OutboundTarget.sample("https://\(host):\(port)/in", allowsPrivate: true)
                let answer = try await OutboundClient.with(Self.lookup) {
                    $0.additionalCertificates = certificate.file
                } _: { client in
                    await client.send(to: target)
                }
                #expect(answer.failure == .tls, "\(answer.result)")
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func `is not made with a certificate that nobody vouches for`() async throws {
        try await TestCertificate.with(name: "hook.test") { certificate in
            try await WireServer.with(tls: try certificate.serverContext()) { server, port in
                let target = try OutboundTarget.sample("https://hook.test:\(port)/in", allowsPrivate: true)
                let answer = try await OutboundClient.with(Self.lookup) { await $0.send(to: target) }
                #expect(answer.failure == .tls, "\(answer.result)")
                #expect(AttemptVerdict(answer) == .transient(reason: "tls"))
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func `is not made to a server that speaks plain text`() async throws {
        try await WireServer.with { server, port in
            let target = try OutboundTarget.sample("https://hook.test:\(port)/in", allowsPrivate: true)
            let answer = try await OutboundClient.with(Self.lookup) { await $0.send(to: target) }
            #expect([.tls, .closed].contains(answer.failure), "\(answer.result)")
            #expect(server.requests.isEmpty)
        }
    }
}
