import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Every tenant inside its share: what one sends, forges or spends is no other's concern.
    @Suite struct LimitScenarios {
        @Test func `an organization far over its tier costs another one nothing`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization("loud", tier: "basic")
                try await scenario.createOrganization("calm", tier: "pro")
                let loud = Sender(endpoint: try await scenario.endpoint("github", organization: "loud"))
                let calm = Sender(endpoint: try await scenario.endpoint("github", organization: "calm"))
                let gateway = try await scenario.gateway()
                // 50 times 60 a minute, and half of 300 a minute.
                let flood = Flood(
                    try loud.message("loud").request,
                    to: gateway.port,
                    connections: 2,
                    pause: .milliseconds(40)
                )
                for number in 0..<20 {
                    try await calm.deliver(try calm.message("calm-\(number)").request, to: gateway.port)
                    try await Task.sleep(for: .milliseconds(400))
                }
                let tally = await flood.stop()
                #expect(Set(tally.statuses.keys) == [200, 429], "\(tally.statuses) \(tally.faults)")
                // A burst of 60 and one a second.
                #expect((60...75).contains(tally[200]), "\(tally.statuses)")
                #expect(tally[429] > 100)
                let answer = try #require(tally.samples[429])
                #expect(answer.code == "organization_limited")
                #expect(answer.text.contains(#""tier":"basic""#))
                #expect(answer["Retry-After"] == "1")
                #expect(answer["RateLimit-Policy"] == #""organization";q=60;w=60"#)
                #expect(answer["RateLimit"] == #""organization";r=0;t=1"#)
                #expect(answer["X-RateLimit-Limit"] == "60")
                #expect(answer["X-RateLimit-Remaining"] == "0")
                #expect(answer["X-RateLimit-Reset"] == "1")
            }
        }

        @Test func `a forged flood spends nothing of the tenant's and stops none of its traffic`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization(tier: "free")
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let gateway = try await scenario.gateway()
                let genuine = try sender.message("genuine").request
                // From the genuine sender's own address, and before it ever sent anything: the worst case.
                let forged = try sender.signed(Array(genuine.body), secret: "wrong")
                let flood = Flood(forged, to: gateway.port, connections: 3)
                try await eventually("the flood is over the address's budget") { flood.tally[429] > 100 }
                var tries = 0
                try await eventually("the genuine sender gets through and is known") {
                    tries += 1
                    return try await genuine.send(to: gateway.port).status == 200
                }
                #expect(tries <= 40, "one stranger in four is verified all the same")
                // Nine are left of the ten of its tier: every one goes through, and the eleventh does not.
                for _ in 0..<9 { #expect(try await genuine.send(to: gateway.port).status == 200) }
                #expect(try await genuine.send(to: gateway.port).code == "organization_limited")
                let tally = await flood.stop()
                #expect(Set(tally.statuses.keys) == [401, 429], "\(tally.statuses) \(tally.faults)")
                let refused = try #require(tally.samples[429])
                #expect(["address_limited", "unverified_limited"].contains(refused.code))
                #expect(refused["Retry-After"] != nil)
            }
        }

        @Test func `an address that tries keys at random is limited, and others are not asked about it`() async throws {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                let flood = Flood(
                    HTTPRequest(target: "/webhooks/github/aaaaaaaaaaaaaaaaaaaaaaaaaa", body: [1]),
                    to: gateway.port
                )
                try await eventually("the address is over its budget") { flood.tally[429] > 50 }
                let tally = await flood.stop()
                #expect(Set(tally.statuses.keys) == [404, 429], "\(tally.statuses)")
                #expect((600...700).contains(tally[404]), "\(tally.statuses)")
            }
        }

        @Test(arguments: ["429", "503"])
        func `a sender that never retries a 4xx is told to come back`(status: String) async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization(tier: "free")
                // Google's lead forms give a delivery up after any 4xx; GitHub takes every failure for final.
                let isLead = status == "503"
                let endpoint = try await scenario.endpoint(isLead ? "google-ads-lead" : "github")
                let body = #"{"lead_id":"1","google_key":"\#(endpoint.secret)","user_column_data":[]}"#
                let request =
                    isLead
                    ? HTTPRequest(
                        target: endpoint.path,
                        headers: [("Content-Type", "application/json")],
                        body: Array(body.utf8)
                    ) : try Sender(endpoint: endpoint).message("push").request
                let gateway = try await scenario.gateway()
                for _ in 0..<10 { #expect(try await request.send(to: gateway.port).status == 200) }
                let refused = try await request.send(to: gateway.port)
                #expect("\(refused.status)" == status)
                #expect(refused.code == "organization_limited")
                #expect(refused["Retry-After"] != nil)
            }
        }

        @Test func `what could not be stored is given back`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization(tier: "free")
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let gateway = try await scenario.gateway(settings: ["POSTERN_GATEWAY_COMMIT_TIMEOUT_SECONDS": "0.5"])
                let request = try sender.message("push").request
                #expect(try await request.send(to: gateway.port).status == 200)
                let address = scenario.tables.address
                let statuses = try await onThread {
                    // A lock on the table: each commit waits until its time is up.
                    var blocker = try Connection(ConnectionConfiguration(address: address))
                    try blocker.script("BEGIN; LOCK TABLE postern.deliveries IN SHARE MODE", within: .seconds(10))
                    let connections = try (0..<5).map { _ in try HTTPConnection(port: gateway.port) }
                    var statuses: [Int] = []
                    for _ in 0..<4 {
                        for connection in connections { try connection.send(request.bytes) }
                        for connection in connections { statuses.append(try connection.answer().status) }
                    }
                    try blocker.script("ROLLBACK", within: .seconds(10))
                    return statuses
                }
                #expect(statuses.count == 20 && Set(statuses) == [503], "more than the tier lets through: \(statuses)")
                try await gateway.becomesReady()
                for _ in 0..<9 { #expect(try await request.send(to: gateway.port).status == 200) }
                #expect(try await request.send(to: gateway.port).status == 429)
            }
        }
    }
}
