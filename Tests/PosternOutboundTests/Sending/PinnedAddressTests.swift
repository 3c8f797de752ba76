import PosternHTTP
import PosternModel
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct PinnedAddressTests {
    @Test func `changes when the name's does, and the old connections are closed`() async throws {
        try await WireServer.with { first, port in
            try await WireServer.with(host: "127.0.0.2", port: port) { second, _ in
                let lookup = TableLookup(["moving.test": ["127.0.0.1"]])
                let target = try OutboundTarget.sample("http://moving.test:\(port)/", allowsPrivate: true)
                try await OutboundClient.with(lookup) {
                    $0.names.freshFor = .zero
                } _: { client in
                    #expect(await client.send(to: target).status == 200)
                    lookup.set("moving.test", to: ["127.0.0.2"])
                    #expect(await client.send(to: target).status == 200)
                    await first.waitForEnds(1)
                    #expect(await client.send(to: target).status == 200)
                }
                #expect(first.requests.count == 1)
                #expect(second.requests.count == 2)
                #expect(second.connections == 1)
            }
        }
    }

    @Test func `stays the same as long as the name has it, in whatever order`() async throws {
        try await WireServer.with { server, port in
            let lookup = TableLookup(["many.test": ["127.0.0.1", "127.0.0.3"]])
            let target = try OutboundTarget.sample("http://many.test:\(port)/", allowsPrivate: true)
            try await OutboundClient.with(lookup) {
                $0.names.freshFor = .zero
            } _: { client in
                #expect(await client.send(to: target).status == 200)
                lookup.set("many.test", to: ["127.0.0.3", "127.0.0.1"])
                #expect(await client.send(to: target).status == 200)
            }
            #expect(server.connections == 1)
        }
    }

    @Test func `is the next one when nobody listens at the first`() async throws {
        try await WireServer.with(host: "127.0.0.2") { server, port in
            let lookup = TableLookup(["two.test": ["127.0.0.1", "127.0.0.2"]])
            let target = try OutboundTarget.sample("http://two.test:\(port)/", allowsPrivate: true)
            try await OutboundClient.with(lookup) { client in
                for _ in 0..<2 { #expect(await client.send(to: target).status == 200) }
            }
            #expect(server.connections == 1)
        }
    }

    @Test func `is let go when nobody has used it for long, or too many are kept`() async throws {
        try await WireServer.with { server, port in
            try await OutboundClient.with(change: { $0.idleDestinations = 4 }) { client in
                for _ in 0..<12 {
                    let target = try OutboundTarget.sample("http://127.0.0.1:\(port)/", allowsPrivate: true)
                    #expect(await client.send(to: target).status == 200)
                }
                await server.waitForEnds(8)
            }
            try await OutboundClient.with(change: { $0.idleTimeout = .zero }) { client in
                for _ in 0..<3 {
                    let target = try OutboundTarget.sample("http://127.0.0.1:\(port)/", allowsPrivate: true)
                    #expect(await client.send(to: target).status == 200)
                }
                await server.waitForEnds(2)
            }
        }
    }

    @Test func `is not needed when the name has none`() async throws {
        let target = try OutboundTarget.sample("http://nowhere.test/")
        let answer = try await OutboundClient.with(TableLookup([:])) { await $0.send(to: target) }
        #expect(answer.failure == .resolve)
        #expect(answer.result == .failed(.resolve, detail: "the name nowhere.test has no address: not in the table"))
    }

    @Test func `is not waited for longer than the attempt may take`() async throws {
        let lookup = GatedLookup()
        let target = try OutboundTarget.sample("http://slow.test/", timeout: .milliseconds(50))
        let answer = try await OutboundClient.with(lookup) { await $0.send(to: target) }
        #expect(answer.failure == .resolve)
        #expect(answer.duration < .seconds(5))
        lookup.open()
    }
}
