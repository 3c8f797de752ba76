import PosternTesting
import Testing

extension Scenarios {
    /// What probes see.
    @Suite struct HealthScenarios {
        private struct Report: Decodable {
            struct Component: Decodable { let status: String }
            let status: String
            let process: String
            let failing: [String]
            let components: [String: Component]
        }

        private func report(_ server: Server, _ path: String = "/health/ready") async throws -> (Int, Report) {
            let answer = try await HTTPRequest.get(path, from: server.statusPort)
            return (answer.status, try answer.decoded(as: Report.self))
        }

        @Test func `health is 200 when well, and 503 with the failing component's name while the database is away`()
            async throws
        {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                let consumer = try await scenario.consumer()
                for server in [gateway, consumer] {
                    let report = try await eventually("all is well", within: .seconds(10)) {
                        let (status, report) = try await self.report(server)
                        return status == 200 ? report : nil
                    }
                    #expect(report.status == "ok", "\(report)")
                    #expect(report.failing.isEmpty)
                    for name in ["database", "migrations", "backlog", "oldest_backend_xmin"] {
                        #expect(report.components[name]?.status == "ok", "\(name)")
                    }
                }
                try await scenario.takeDatabaseAway()
                for server in [gateway, consumer] {
                    let report = try await eventually("the failure shows", within: .seconds(10)) {
                        let (status, report) = try await self.report(server)
                        return status == 503 ? report : nil
                    }
                    #expect(report.status == "failing")
                    #expect(report.failing.contains("database"), "\(report)")
                }
                try await scenario.bringDatabaseBack()
                for server in [gateway, consumer] {
                    try await eventually("all is well again", within: .seconds(20)) {
                        try await self.report(server).0 == 200
                    }
                }
            }
        }

        @Test func `a process whose database is away still says at once that it lives`() async throws {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                let consumer = try await scenario.consumer()
                try await scenario.takeDatabaseAway()
                for server in [gateway, consumer] {
                    async let stats = HTTPRequest.get("/stats", from: server.statusPort)
                    async let ready = HTTPRequest.get("/health/ready", from: server.statusPort)
                    // Behind those two: probes come whenever they come.
                    let asked = ContinuousClock.now
                    for _ in 0..<3 {
                        #expect(try await HTTPRequest.get("/health/live", from: server.statusPort).status == 200)
                    }
                    // A probe's usual patience.
                    #expect(ContinuousClock.now - asked < .seconds(1))
                    #expect(try await ready.status == 503)
                    let answer = try await stats
                    #expect(answer.status == 503)
                    #expect(answer.code == "database_unavailable")
                    #expect(answer["Retry-After"] != nil)
                }
            }
        }

        @Test func `the public port says whether, and never what`() async throws {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                for path in ["/health", "/health/live", "/health/ready"] {
                    let answer = try await HTTPRequest.get(path, from: gateway.port)
                    #expect(answer.status == 200)
                    #expect(answer.text == #"{"status":"ok"}"#)
                }
                for path in ["/stats", "/metrics", "/health/x", "/"] {
                    #expect(try await HTTPRequest.get(path, from: gateway.port).status == 404, "\(path)")
                }
                try await scenario.takeDatabaseAway()
                let answer = try await eventually("the failure shows", within: .seconds(10)) {
                    let answer = try await HTTPRequest.get("/health/ready", from: gateway.port)
                    return answer.status == 200 ? nil : answer
                }
                #expect(answer.status == 503)
                #expect(answer.text == #"{"status":"failing"}"#)
                #expect(try await HTTPRequest.get("/health/live", from: gateway.port).status == 200)
            }
        }

        @Test func `metrics are Prometheus text and count what happened`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                let consumer = try await scenario.consumer()
                for number in 0..<3 {
                    try await sender.deliver(try sender.message("evt_\(number)").request, to: gateway.port)
                }
                _ = try await (try sender.signed([1], secret: "wrong")).send(to: gateway.port)
                let answer = try await HTTPRequest.get("/metrics", from: gateway.statusPort)
                #expect(answer.status == 200)
                #expect(answer["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
                let metrics = try PrometheusSamples(answer.text)
                #expect(
                    metrics.sum("postern_gateway_deliveries_total", "platform=\"stripe\"", "outcome=\"accepted\"") == 3
                )
                #expect(metrics.sum("postern_gateway_rejections_total", "reason=\"signature_mismatch\"") == 1)
                try await eventually("the consumer counts", within: .seconds(10)) {
                    let answer = try await HTTPRequest.get("/metrics", from: consumer.statusPort)
                    return try PrometheusSamples(answer.text).sum(
                        "postern_consumer_events_total",
                        "platform=\"stripe\""
                    ) == 3
                }
            }
        }
    }
}
