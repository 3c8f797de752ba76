import NIOHTTP1
import PosternHTTP
import PosternModel
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct RefusedAddressTests {
    @Test(
        arguments: [
            "http://127.0.0.1/", "http://127.0.0.1:6379/", "https://127.255.255.254/", "http://127.1/",
            "http://2130706433/", "http://0x7f000001/", "http://0x7f.0x0.0x0.0x1/", "http://017700000001/",
            "http://0177.1/", "http://0/", "http://0.0.0.0:8080/", "http://0x0/", "http://10.0.0.1/",
            "http://167772161/", "http://0xa.1/", "http://012.1/", "http://10.255.255.255/", "http://100.64.0.1/",
            "http://100.127.255.255/", "http://100.100.100.200/", "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/",
            "http://169.254.170.2/", "http://168.63.129.16/", "http://172.16.0.1/", "http://172.31.255.255/",
            "http://192.168.1.1/", "http://192.168.257/", "http://3232235777/", "http://192.0.0.1/",
            "http://192.0.0.192/", "http://192.0.2.1/", "http://192.88.99.1/", "http://198.18.0.1/",
            "http://198.51.100.7/", "http://203.0.113.7/", "http://224.0.0.1/", "http://239.255.255.250:1900/",
            "http://240.0.0.1/", "http://255.255.255.255/", "http://4294967295/",
            "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]:8080/", "http://[::127.0.0.1]/",
            "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:169.254.169.254]/",
            "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::a9fe:a9fe]/",
            "http://[64:ff9b:1::1]/", "http://[100::1]/", "http://[2001:0:7f00:1::]/",
            "http://[2001:0:808:808::80ff:fffe]/", "http://[2001:2::1]/", "http://[2001:10::1]/",
            "http://[2001:db8::1]/", "http://[2002:7f00:1::]/", "http://[2002:c0a8:101::1]/", "http://[3fff::1]/",
            "http://[fc00::1]/", "http://[fd00:ec2::254]/latest/meta-data/", "http://[fd20:ce::254]/",
            "http://[fe80::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[::2]/", "http://[4000::1]/",
        ]
    )
    func `is not asked, however it is written`(url: String) async throws {
        let target = try OutboundTarget.sample(url)
        let answer = try await OutboundClient.with { await $0.send(to: target) }
        #expect(answer.failure == .refusedAddress, "\(answer.result)")
        #expect(AttemptVerdict(answer) == .permanent(reason: "refused_address"))
    }

    @Test(
        arguments: [
            "localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1.nip.test", "metadata.google.internal",
            "instance-data.ec2.internal", "mapped.test", "nat64.test", "mixed.test", "mixed6.test", "intranet",
        ]
    )
    func `is not asked when it is a name's`(host: String) async throws {
        let lookup = TableLookup([
            "localhost": ["127.0.0.1"], "a.localhost": ["::1"], "127.0.0.1.nip.test": ["127.0.0.1"],
            "metadata.google.internal": ["169.254.169.254"], "instance-data.ec2.internal": ["fd00:ec2::254"],
            "mapped.test": ["::ffff:10.0.0.1"], "nat64.test": ["64:ff9b::10.0.0.1"],
            "mixed.test": ["8.8.8.8", "10.0.0.1"], "mixed6.test": ["2606:4700::1", "8.8.8.8", "fe80::1"],
            "intranet": ["192.168.7.7"],
        ])
        guard host != "localhost." else {
            #expect(throws: OutboundURLError.badHost) { try OutboundURL("http://\(host)/") }
            return
        }
        let target = try OutboundTarget.sample("http://\(host)/")
        let answer = try await OutboundClient.with(lookup) { await $0.send(to: target) }
        #expect(answer.failure == .refusedAddress, "\(answer.result)")
        #expect(lookup.asked == [host.lowercased()])
    }

    @Test func `is not shown to those whose name it is`() async throws {
        let target = try OutboundTarget.sample("http://db.internal/")
        let answer = try await OutboundClient.with(TableLookup(["db.internal": ["10.11.12.13"]])) {
            await $0.send(to: target)
        }
        #expect(!"\(answer.result)".contains("10.11.12.13"))
        #expect("\(answer.result)".contains("private"))
    }

    @Test func `is refused when a name that was elsewhere moves to it`() async throws {
        try await WireServer.with { outside, port in
            try await WireServer.with(host: "127.0.0.2", port: port) { inside, _ in
                let lookup = TableLookup(["moving.test": ["127.0.0.1"]])
                let target = try OutboundTarget.sample("http://moving.test:\(port)/")
                let allowed = try #require(NetworkPrefix(text: "127.0.0.1"))
                try await OutboundClient.with(lookup) { configuration in
                    configuration.allowedNetworks = NetworkSet([allowed])
                    configuration.names.freshFor = .zero
                } _: { client in
                    #expect(await client.send(to: target).status == 200)
                    lookup.set("moving.test", to: ["127.0.0.2"])
                    #expect(await client.send(to: target).failure == .refusedAddress)
                    lookup.set("moving.test", to: ["127.0.0.1", "127.0.0.2"])
                    #expect(await client.send(to: target).failure == .refusedAddress)
                }
                #expect(outside.requests.count == 1)
                #expect(inside.connections == 0)
            }
        }
    }

    @Test func `is checked and used as one: the resolver is asked once for both`() async throws {
        try await WireServer.with { server, port in
            let lookup = TableLookup(["once.test": ["127.0.0.1"]])
            let target = try OutboundTarget.sample("http://once.test:\(port)/", allowsPrivate: true)
            let answer = try await OutboundClient.with(lookup) { await $0.send(to: target) }
            // No other resolver knows this name, so that a second look would have failed.
            #expect(answer.status == 200)
            #expect(lookup.asked == ["once.test"])
            #expect(server.requests.first?.head.headers["host"] == ["once.test:\(port)"])
        }
    }

    @Test(arguments: ["http://169.254.169.254/", "http://0.0.0.0/", "http://[fe80::1]/", "http://224.0.0.1/"])
    func `stays refused for a destination that may reach private ones, if it is worse than private`(
        url: String
    ) async throws {
        let target = try OutboundTarget.sample(url, allowsPrivate: true)
        let answer = try await OutboundClient.with { await $0.send(to: target) }
        #expect(answer.failure == .refusedAddress)
    }
}
