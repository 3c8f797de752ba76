import FoundationEssentials
import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Jobs over stored events, started with commands while the processes run.
    @Suite struct JobCommandScenarios {
        /// What a bulk command and `postern job watch --json` say.
        struct Job: Decodable {
            struct Result: Decodable {
                let changed: Int?
                let queued: Int?
                let unchanged: Int?
            }
            let total: Int
            let job: String?
            let status: String?
            let result: Result?
        }

        /// What `postern events renormalize --dry-run --json` says.
        struct Examined: Decodable {
            struct Example: Decodable { let what: String }
            let deliveries: Int
            let changed: Int
            let unchanged: Int
            let new: Int
            let examples: [Example]
        }

        /// Runs with three events that a consumer has made.
        private static func with(_ body: (Scenario) async throws -> Void) async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                for number in 1...3 {
                    try await sender.deliver(try sender.message("evt_\(number)").request, to: gateway.port)
                }
                try await eventually("three events") { try await scenario.tables.eventKeys().count == 3 }
                try await body(scenario)
            }
        }

        /// Runs a command with `--json` and reads what it prints.
        private static func json<Value: Decodable>(_ words: [String], _ scenario: Scenario) async throws -> Value {
            let outcome = try await scenario.run(words + ["--json"])
            guard outcome.succeeded else { throw ScenarioFailure("\(words): \(outcome.errors)") }
            return try JSONDecoder().decode(Value.self, from: Data(outcome.output.utf8))
        }

        private static func number(_ sql: String, _ scenario: Scenario) async throws -> Int64 {
            // One name for all: each is asked in a session of its own.
            try await scenario.tables.number(Statement("job_scenario", sql))
        }

        @Test func `what a definition got wrong is stored anew, once`() async throws {
            try await Self.with { scenario in
                try await scenario.tables.script(
                    """
                    UPDATE postern.events SET definition_version = 999, type = CASE key WHEN 'evt_2' THEN type ELSE 'wrong' END
                    """
                )
                let command = [
                    "events", "renormalize", "--platform", "stripe", "--from-version", "999", "--since", "1h",
                ]
                let dry: Examined = try await Self.json(command + ["--dry-run"], scenario)
                #expect(dry.deliveries == 3 && dry.changed == 2 && dry.unchanged == 1 && dry.new == 0)
                #expect(
                    dry.examples.map(\.what) == Array(repeating: "changed: type wrong -> charge.succeeded", count: 2)
                )
                for round in 1...2 {
                    let started: Job = try await Self.json(command, scenario)
                    let done: Job = try await Self.json(["job", "watch", try #require(started.job)], scenario)
                    #expect(done.status == "succeeded" && done.result?.changed == 2 && done.result?.unchanged == 1)
                    #expect(done.result?.queued == (round == 1 ? 2 : 0), "round \(round)")
                    try await eventually("the queue is empty") {
                        try await Self.number("SELECT count(*) FROM postern.webhook_retry_queue", scenario) == 0
                    }
                    let right = try await Self.number(
                        """
                        SELECT count(*) FROM postern.events
                        WHERE type = 'charge.succeeded' AND definition_version < 999 AND key <> 'evt_2'
                        """,
                        scenario
                    )
                    #expect(right == 2, "round \(round)")
                    #expect(try await scenario.tables.eventKeys().count == 5, "round \(round)")
                }
                let letters = try await scenario.tables.deadLetters()
                #expect(letters.isEmpty)
            }
        }

        @Test func `stored events go to a destination that was not there when they came`() async throws {
            try await Self.with { scenario in
                try await scenario.tables.script(
                    """
                    INSERT INTO postern.destinations (id, org_id, name, kind, url, state)
                    SELECT gen_random_uuid(), id, 'crm', 'http', 'https://example.com/', 'paused'
                    FROM postern.organizations
                    """
                )
                let command = [
                    "events", "replay", "--org", Scenario.organization, "--destination", "crm", "--type", "charge.*",
                ]
                let dry: Job = try await Self.json(command + ["--dry-run"], scenario)
                #expect(dry.total == 3 && dry.job == nil)
                let started: Job = try await Self.json(command, scenario)
                let done: Job = try await Self.json(["job", "watch", try #require(started.job)], scenario)
                #expect(done.status == "succeeded" && done.result?.queued == 3)
                let queued = try await Self.number(
                    """
                    SELECT count(*) FROM postern.webhook_retry_queue q JOIN postern.destinations d ON d.id = q.destination_id
                    JOIN postern.events e ON e.id = q.event_id WHERE d.name = 'crm' AND q.job_id IS NOT NULL
                    """,
                    scenario
                )
                #expect(queued == 3)
                try await scenario.tables.script("UPDATE postern.destinations SET state = 'disabled'")
                let refused = try await scenario.run(command)
                #expect(!refused.succeeded && refused.errors.contains("destination_unavailable"), "\(refused.errors)")
            }
        }
    }
}
