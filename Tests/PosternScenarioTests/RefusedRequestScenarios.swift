import PosternTesting
import Testing

extension Scenarios {
    /// Requests that were refused: remembered, quarantined, and let in once the secret is right.
    @Suite struct RefusedRequestScenarios {
        private struct Rejection: Decodable {
            let reason: String
            let method: String
            let address: String
            let suggested_action: String?
            let headers: [String]
        }

        private struct Reverified: Decodable {
            let dry_run: Bool
            let checked: Int
            let valid: Int
            let admitted: Int
            let refused: [String: Int]
        }

        private struct SecretLine: Decodable {
            let id: String
            let last_matched_at: String?
            let matches_in_24_hours: Int64
            let advice: String
        }

        @Test func `a forged request is remembered with its reason and without its token`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let endpoint = try await scenario.endpoint("telegram", ["--parameter", "bot=b"])
                let gateway = try await scenario.gateway()
                let forged = HTTPRequest(
                    target: endpoint.path + "?token=in-the-query",
                    headers: [
                        ("Content-Type", "application/json"), ("X-Telegram-Bot-Api-Secret-Token", "a-guessed-token"),
                        ("Authorization", "Bearer a-credential"), ("User-Agent", "forger/1.0"),
                    ],
                    body: Array(#"{"update_id":1}"#.utf8)
                )
                #expect(try await forged.send(to: gateway.port).status == 401)
                let found: [Rejection] = try await eventually("the refusal is stored") {
                    let found: [Rejection] = try await scenario.json("endpoint", "rejections", endpoint.key)
                    return found.isEmpty ? nil : found
                }
                let rejection = try #require(found.first)
                #expect(found.count == 1)
                #expect(rejection.reason == "signature_mismatch" && rejection.method == "POST")
                #expect(rejection.address == "127.0.0.1")
                #expect(rejection.suggested_action?.isEmpty == false)
                #expect(rejection.headers.contains("user-agent: forger/1.0"))
                #expect(rejection.headers.contains("x-telegram-bot-api-secret-token: [secret]"))
                let text = try await scenario.command("endpoint", "rejections", endpoint.key, "--headers")
                #expect(text.contains("forger/1.0") && text.contains("signature_mismatch"))
                for secret in ["a-guessed-token", "in-the-query", "a-credential"] {
                    #expect(!text.contains(secret), "\(secret) in \(text)")
                    #expect(!rejection.headers.contains { $0.contains(secret) })
                }
            }
        }

        @Test func `requests refused under a wrong secret come in after it is corrected, in order and once`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let endpoint = try await scenario.endpoint(
                    "stripe",
                    secret: "the-wrong-secret",
                    ["--quarantine-bytes", "1048576"]
                )
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let platform = Sender(
                    endpoint: Endpoint(
                        id: endpoint.id,
                        key: endpoint.key,
                        platform: "stripe",
                        secret: "the-right-secret"
                    )
                )
                let names = (1...12).map { "evt_\($0)" }
                for name in names {
                    let answer = try await platform.message(name).request.send(to: gateway.port)
                    #expect(answer.status == 401 && answer.code == "signature_mismatch", "\(answer)")
                }
                let forged = try platform.signed(Array(#"{"id":"evt_forged"}"#.utf8), secret: "a-stranger's")
                #expect(try await forged.send(to: gateway.port).status == 401)
                let kept: LimitsShown = try await eventually("all of them are kept") {
                    let limits = try await LimitsShown.ask(scenario)
                    return limits.endpoints.first?.quarantined == 13 ? limits : nil
                }
                #expect((kept.endpoints.first?.quarantined_bytes ?? 0) > 1000)
                let before: Reverified = try await scenario.json(
                    "endpoint",
                    "reverify",
                    endpoint.key,
                    "--yes"
                )
                #expect(before.admitted == 0 && before.refused == ["signature_mismatch": 13])
                try await scenario.command(
                    "endpoint",
                    "rotate-secret",
                    endpoint.key,
                    "--secret",
                    "the-right-secret",
                    "--grace-hours",
                    "0"
                )
                let plan: Reverified = try await scenario.json(
                    "endpoint",
                    "reverify",
                    endpoint.key,
                    "--dry-run"
                )
                #expect(plan.dry_run && plan.checked == 13 && plan.valid == 12 && plan.admitted == 0)
                #expect(try await scenario.tables.deliveryIDs().isEmpty, "a dry run stores nothing")
                let unasked = try await scenario.run(["endpoint", "reverify", endpoint.key])
                #expect(unasked.ending == .exited(1) && unasked.errors.contains("[confirmation_required]"))
                #expect(try await scenario.tables.deliveryIDs().isEmpty)
                let done: Reverified = try await scenario.json("endpoint", "reverify", endpoint.key, "--yes")
                #expect(!done.dry_run && done.admitted == 12 && done.refused == ["signature_mismatch": 1])
                try await eventually("the events are there") {
                    try await scenario.tables.eventKeys().count == names.count
                }
                let listed = try await scenario.command("events", "list", "--org", Scenario.organization, "--json")
                let order = listed.split(separator: "\n").compactMap { line in
                    names.first { name in line.contains(#""key":"\#(name)""#) }
                }
                #expect(order == names.reversed(), "the newest first: \(order)")
                let again: Reverified = try await scenario.json("endpoint", "reverify", endpoint.key, "--yes")
                #expect(again.admitted == 0 && again.checked == 1)
                // The platform sends one of them once more: the same event.
                #expect(try await platform.message("evt_1").request.send(to: gateway.port).status == 200)
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                #expect(try await scenario.tables.eventKeys().sorted() == names.sorted())
                #expect(try await scenario.tables.doubledEvents().isEmpty)
            }
        }

        @Test func `an old secret is retired once the new one alone is used`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let endpoint = try await scenario.endpoint("stripe", secret: "old-secret")
                let gateway = try await scenario.gateway()
                let sender = Sender(endpoint: endpoint)
                #expect(try await sender.message("evt_1").request.send(to: gateway.port).status == 200)
                let used: SecretLine = try await eventually("the match is counted") {
                    let lines: [SecretLine] = try await scenario.json("endpoint", "secrets", endpoint.key)
                    return lines.first { $0.matches_in_24_hours == 1 }
                }
                #expect(used.advice == "in_use" && used.last_matched_at != nil)
                let rotated = try await scenario.command(
                    "endpoint",
                    "rotate-secret",
                    endpoint.key,
                    "--secret",
                    "new-secret"
                )
                #expect(rotated.contains("never matched yet") && rotated.contains("do not retire yet"))
                let refused = try await scenario.run(["endpoint", "retire-secret", endpoint.key, used.id])
                #expect(refused.ending == .exited(1) && refused.errors.contains("[secret_in_use]"), "\(refused)")
                try await scenario.tables.script("UPDATE postern.secret_matches SET hour = hour - interval '2 days'")
                let body = try sender.message("evt_2").request.body
                try await eventually("the new secret is known", within: .seconds(5)) {
                    try await sender.signed(body, secret: "new-secret").send(to: gateway.port).status == 200
                }
                try await eventually("the old one is out of use") {
                    let lines: [SecretLine] = try await scenario.json("endpoint", "secrets", endpoint.key)
                    return lines.map(\.advice) == ["in_use", "safe_to_retire"]
                }
                try await scenario.command("endpoint", "retire-secret", endpoint.key, used.id)
                try await eventually("the old secret is refused", within: .seconds(5)) {
                    try await sender.message("evt_3").request.send(to: gateway.port).status == 401
                }
                let left: [SecretLine] = try await scenario.json("endpoint", "secrets", endpoint.key)
                let last = try #require(left.first)
                #expect(left.count == 1)
                try await scenario.tables.script("DELETE FROM postern.secret_matches")
                let lonely = try await scenario.run(["endpoint", "retire-secret", endpoint.key, last.id])
                #expect(lonely.errors.contains("[last_secret]"), "\(lonely)")
                try await scenario.command("endpoint", "retire-secret", endpoint.key, last.id, "--force")
            }
        }
    }
}
