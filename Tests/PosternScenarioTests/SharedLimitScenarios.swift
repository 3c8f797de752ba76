import PosternTesting
import Testing

extension Scenarios {
    /// Many gateways, one limit.
    @Suite struct SharedLimitScenarios {
        /// Two gateways flooded alike for a while after the burst is spent: what they admitted together.
        ///
        /// `burst`: what is left of the burst, and let through first.
        private static func admitted(
            _ first: Server,
            _ second: Server,
            _ request: HTTPRequest,
            burst: Int
        ) async throws -> Int {
            let floods = [first, second].map { gateway in
                Flood(request, to: gateway.port, connections: 2, pause: .milliseconds(4))
            }
            try await eventually("the burst is spent") {
                floods.allSatisfy { $0.tally[429] > 50 } && floods.map { $0.tally[200] }.reduce(0, +) >= burst
            }
            // What one took of the other's part while both began is paid back first.
            let spent = floods.map { $0.tally[200] }
            try await eventually("both admit again") {
                zip(floods, spent).allSatisfy { flood, before in flood.tally[200] >= before + 2 }
            }
            let clock = ContinuousClock()
            let before = floods.map { $0.tally[200] }
            let began = clock.now
            try await Task.sleep(for: .seconds(12))
            let after = floods.map { $0.tally[200] }
            let seconds = (clock.now - began) / .seconds(1)
            for flood in floods {
                let tally = await flood.stop()
                #expect(Set(tally.statuses.keys) == [200, 429], "\(tally.statuses) \(tally.faults)")
            }
            let each = zip(after, before).map { $0 - $1 }
            #expect(each.allSatisfy { $0 >= 10 }, "each gateway gets a part: \(each)")
            // As if it had been 12 seconds exactly: 60 of 300 a minute.
            return Int((Double(each.reduce(0, +)) * 12 / seconds).rounded())
        }

        @Test func `two gateways admit together what one may`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization(tier: "pro")
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let first = try await scenario.gateway()
                let second = try await scenario.gateway()
                try await Self.knowsTwo(first, "postgres")
                try await Self.knowsTwo(second, "postgres")
                let sum = try await Self.admitted(first, second, try sender.message("push").request, burst: 290)
                #expect((57...63).contains(sum), "\(sum) admitted in 12 s of 300 a minute")
            }
        }

        @Test func `through Redis, and when Redis dies nobody is answered 5xx and the limit still holds`() async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization(tier: "pro")
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                try await RedisServer.with { redis in
                    let settings = ["POSTERN_GATEWAY_REDIS": redis.socket]
                    let first = try await scenario.gateway(settings: settings)
                    let second = try await scenario.gateway(settings: settings)
                    try await Self.knowsTwo(first, "redis")
                    try await Self.knowsTwo(second, "redis")
                    let request = try sender.message("push").request
                    let floods = [first, second].map { gateway in
                        Flood(request, to: gateway.port, connections: 2, pause: .milliseconds(4))
                    }
                    try await eventually("the burst is spent") { floods.allSatisfy { $0.tally[429] > 50 } }
                    try await onThread { try redis.kill() }
                    try await Self.knowsTwo(first, "postgres", status: "degraded")
                    try await Self.knowsTwo(second, "postgres", status: "degraded")
                    for flood in floods {
                        let tally = await flood.stop()
                        #expect(Set(tally.statuses.keys) == [200, 429], "\(tally.statuses) \(tally.faults)")
                    }
                    let sum = try await Self.admitted(first, second, request, burst: 0)
                    #expect((57...63).contains(sum), "\(sum) admitted in 12 s of 300 a minute")
                }
            }
        }

        /// Waits until a gateway's health says that it shares limits with one other, and how.
        private static func knowsTwo(_ gateway: Server, _ shares: String, status: String = "ok") async throws {
            try await eventually("limits are shared through \(shares)") {
                let health = try await HTTPRequest.get("/health", from: gateway.statusPort)
                return health.text.contains(
                    #""limits":{"status":"\#(status)","shares":"\#(shares)","gateways":2"#
                )
            }
        }
    }
}
