import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Dead letters as an operator reviews them with commands, while the processes run.
    @Suite struct DeadLetterCommandScenarios {
        /// What `postern deadletter list --json` says.
        struct Listed: Decodable {
            struct Letter: Decodable {
                let id: String
                let state: String
                let reason: String
                let fingerprint: String
                let replaying: Bool
            }
            let total: Int
            let dead_letters: [Letter]
        }

        /// What `postern deadletter show --json` says.
        struct Shown: Decodable {
            struct Entry: Decodable { let act: String }
            let state: String
            let payload: String
            let headers: [String]
            let replayed_events: Int?
            let replayed_duplicates: Int?
            let edited_payload: String?
            let history: [Entry]
        }

        /// What a bulk command and `postern job show --json` say.
        struct Job: Decodable {
            struct Result: Decodable {
                let discarded: Int?
                let queued: Int?
                let skipped: Int?
            }
            let total: Int
            let job: String?
            let status: String?
            let result: Result?
        }

        /// An event in the sender's own form.
        private static func body(_ name: String) -> String {
            #"{"id":"\#(name)","object":"event","type":"charge.succeeded","created":1795219200,"data":{}}"#
        }

        /// Runs with `count` letters that a consumer has made of bodies that are no JSON.
        private static func with(
            _ count: Int,
            _ body: @escaping (Scenario, Listed) async throws -> Void
        ) async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                for number in 0..<count {
                    try await sender.deliver(try sender.signed(Array("poison \(number)".utf8)), to: gateway.port)
                }
                let listed: Listed = try await eventually("each poison is a dead letter") {
                    let listed: Listed = try await scenario.json("deadletter", "list", "--limit", "1000")
                    // The list and the total are two looks.
                    return listed.dead_letters.count == count ? listed : nil
                }
                try await body(scenario, listed)
            }
        }

        private static func show(_ id: String, _ scenario: Scenario) async throws -> Shown {
            try await scenario.json("deadletter", "show", id)
        }

        @Test func `a letter is shown, replayed with another payload and resolved, and its original stays`()
            async throws
        {
            try await Self.with(1) { scenario, listed in
                let letter = try #require(listed.dead_letters.first)
                #expect(letter.state == "open" && !letter.replaying)
                let shown = try await Self.show(letter.id, scenario)
                #expect(shown.payload == "poison 0" && shown.history.isEmpty)
                #expect(shown.headers.contains { $0.hasPrefix("stripe-signature:") == false })
                // Replayed as it is, it fails as before and is open again, with an attempt more.
                try await scenario.command("deadletter", "replay", letter.id)
                try await eventually("the replay has failed") {
                    let again: Listed = try await scenario.json("deadletter", "list")
                    let attempts = try await scenario.tables.deadLetters().map(\.attempts)
                    return again.dead_letters.first?.replaying == false && attempts == [2]
                }
                let file = "\(scenario.directory)/edited.json"
                try TextFile.write(file, Self.body("evt_edited").utf8)
                try await scenario.command("deadletter", "replay", letter.id, "--payload", file)
                let resolved: Shown = try await eventually("the replay has gone well") {
                    let shown = try await Self.show(letter.id, scenario)
                    return shown.state == "resolved" ? shown : nil
                }
                #expect(resolved.payload == "poison 0" && resolved.edited_payload == Self.body("evt_edited"))
                #expect(resolved.replayed_events == 1 && resolved.replayed_duplicates == 0)
                #expect(resolved.history.map(\.act) == ["deadletter.replay", "deadletter.replay"])
                #expect(try await scenario.tables.eventKeys() == ["evt_edited"])
                #expect(try await scenario.tables.deadLetters().count == 1)
                let open: Listed = try await scenario.json("deadletter", "list")
                #expect(open.total == 0)
            }
        }

        @Test func `more than ten are acted on only when that is confirmed, and a job does it`() async throws {
            try await Self.with(12) { scenario, listed in
                let fingerprint = try #require(listed.dead_letters.first?.fingerprint)
                let dry: Job = try await scenario.json(
                    "deadletter",
                    "discard",
                    "--all",
                    "--why",
                    "test",
                    "--fingerprint",
                    fingerprint,
                    "--dry-run"
                )
                #expect(dry.total == 12 && dry.job == nil)
                let refused = try await scenario.run(["deadletter", "discard", "--all", "--why", "test"])
                #expect(!refused.succeeded && refused.errors.contains("confirmation_required"), "\(refused.errors)")
                let unclear = try await scenario.run(["deadletter", "discard", "--why", "test", "--org", "acme"])
                #expect(!unclear.succeeded && unclear.errors.contains("--all"), "\(unclear.errors)")
                let started: Job = try await scenario.json(
                    "deadletter",
                    "discard",
                    "--all",
                    "--why",
                    "test",
                    "--yes"
                )
                let job = try #require(started.job)
                let done: Job = try await scenario.json("job", "watch", job)
                #expect(done.status == "succeeded" && done.result?.discarded == 12 && done.result?.skipped == 0)
                let left: Listed = try await scenario.json("deadletter", "list")
                #expect(left.total == 0)
                let discarded: Listed = try await scenario.json("deadletter", "list", "--state", "discarded")
                #expect(discarded.total == 12)
                let id = try #require(listed.dead_letters.first?.id)
                #expect(try await scenario.command("deadletter", "reopen", id).contains("is open"))
                #expect(try await scenario.command("deadletter", "acknowledge", id).contains("is acknowledged"))
            }
        }

        @Test func `a job goes on after its consumer was killed, and replays nothing twice`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let endpoint = try await scenario.endpoint("stripe")
                let count = 400
                try await scenario.tables.script(
                    """
                    INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                        headers, payload, failure_reason, failure_detail, attempts_made, created_at)
                    SELECT e.lane, (lpad(to_hex(n * 1000::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
                        gen_random_uuid(), e.org_id, e.id, 'stripe', convert_to(':target: /', 'UTF8'),
                        convert_to(replace('\(Self.body("evt_X"))', 'X', n::text), 'UTF8'), 'unknown_platform', 'd', 1,
                        to_timestamp(n)
                    FROM postern.endpoints e, generate_series(1, \(count)) n WHERE e.key = '\(endpoint.key)'
                    """
                )
                let first = try await scenario.consumer()
                let started: Job = try await scenario.json(
                    "deadletter",
                    "replay",
                    "--all",
                    "--per-second",
                    "100",
                    "--yes"
                )
                let job = try #require(started.job)
                try await eventually("the job is under way") {
                    let shown: Job = try await scenario.json("job", "show", job)
                    return (shown.result?.queued ?? 0) >= 50
                }
                await first.process.destroy()
                let shown: Job = try await scenario.json("job", "show", job)
                #expect(shown.status == "running")
                _ = try await scenario.consumer()
                try await eventually("the job has ended", within: .seconds(80)) {
                    let shown: Job = try await scenario.json("job", "show", job)
                    return shown.status == "succeeded"
                }
                let done: Job = try await scenario.json("job", "show", job)
                #expect(done.result?.queued == count && done.result?.skipped == 0)
                try await eventually("every letter is resolved") {
                    let left: Listed = try await scenario.json("deadletter", "list")
                    return left.total == 0
                }
                let replays = try await scenario.tables.number(
                    Statement("replays", "SELECT count(*) FROM postern.audit_log WHERE act = 'deadletter.replay'")
                )
                #expect(replays == Int64(count))
                #expect(Set(try await scenario.tables.eventKeys()).count == count)
                #expect(try await scenario.tables.doubledEvents().isEmpty)
            }
        }
    }
}
