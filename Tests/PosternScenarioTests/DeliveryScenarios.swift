import Glibc
import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Events reach their destinations, whatever the destinations and our own processes do.
    @Suite struct DeliveryScenarios {
        /// What a killed consumer held goes over after two seconds, so that the kills are not what takes the time.
        private static let quickly = ["POSTERN_CONSUMER_LEASE_SECONDS": "2"]
        private static let settled = Statement(
            "scenario_settled",
            "SELECT sum(delivered + recovered + buried + exhausted)::bigint FROM postern.destination_cursors"
        )
        private static let waiting = Statement("scenario_waiting", "SELECT count(*) FROM postern.webhook_retry_queue")
        private static let letters = Statement(
            "scenario_letters",
            "SELECT count(*) FROM postern.webhook_dead_letter_queue"
        )
        private static let events = Statement("scenario_events", "SELECT id::text FROM postern.events")

        /// How a destination that is not well answers: a quarter of its answers are none.
        private static func unwell(_ request: FakeDestination.Request) -> FakeDestination.Reply {
            switch Int.random(in: 0..<100) {
            case 0..<9: .status(503, body: "try later")
            case 9..<14: .status(429, headers: [("retry-after", "1")])
            case 14..<18: .reset
            case 18..<20: .hang
            case 20..<25: .status(500)
            case 25..<35: .late(200, after: .milliseconds(Int64.random(in: 1...200)))
            default: .status(200)
            }
        }

        /// Posts messages of one endpoint over several connections; throws unless all are acknowledged.
        private func post(_ count: Int, from sender: Sender, to port: Int) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<8 {
                    group.addTask {
                        // Ten messages in each request, as platforms batch them.
                        for start in stride(from: part * 10, to: count, by: 80) {
                            let names = (start..<min(start + 10, count)).map { "m\($0)" }
                            let request = try sender.meta([("104400000000001", names)])
                            try await sender.deliver(request, to: port)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test func `delivers 10,000 events to a destination that fails at random while consumers are killed`()
            async throws
        {
            let count = 10_000
            try await Scenario.with { scenario in
                let answered = SuccessCounter()
                try await FakeDestination.with(reply: { request in
                    let reply = Self.unwell(request)
                    answered.note(request, reply)
                    return reply
                }) { fake in
                    try await scenario.createOrganization()
                    let sender = Sender(endpoint: try await scenario.endpoint("meta"))
                    try await scenario.command(
                        "destination",
                        "create",
                        "--org",
                        Scenario.organization,
                        "--name",
                        "unwell",
                        "--url",
                        fake.url,
                        "--allow-private",
                        "--timeout-ms",
                        "1000",
                        "--concurrency",
                        "64",
                        "--retry-delays",
                        "0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"
                    )
                    let gateway = try await scenario.gateway()
                    var consumer = try await scenario.consumer(settings: Self.quickly)
                    async let posted: Void = self.post(count, from: sender, to: gateway.port)
                    var kills = 0
                    while kills < 4 {
                        let goal = (kills + 1) * count / 6
                        try await eventually("\(goal) events are delivered", within: .seconds(120)) {
                            answered.events >= goal
                        }
                        consumer.process.signal(SIGKILL)
                        try await consumer.process.ended(within: .seconds(5))
                        kills += 1
                        consumer = try await scenario.consumer(settings: Self.quickly)
                    }
                    try await posted
                    try await eventually("all events are settled", within: .seconds(180), every: .milliseconds(200)) {
                        try await scenario.tables.number(Self.settled) == Int64(count)
                    }
                    #expect(try await scenario.tables.number(Self.waiting) == 0)
                    let letters = try await scenario.tables.number(Self.letters)
                    let ids = Set(try await scenario.tables.texts(Self.events))
                    #expect(ids.count == count)
                    // Sixteen retries of a quarter: hardly ever one that runs out.
                    #expect(letters <= 2)
                    #expect(ids.subtracting(answered.ids).count <= Int(letters))
                    // What was answered well and sent again nevertheless was under way when a consumer was killed.
                    #expect(answered.repeated <= kills * 256, "\(answered.repeated) of \(count) after \(kills) kills")
                    let verified = try await scenario.run(["verify"])
                    #expect(verified.succeeded, "\(verified.output) \(verified.errors)")
                }
            }
        }
    }
}
