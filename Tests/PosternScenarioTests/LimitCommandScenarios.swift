import PosternTesting
import Testing

extension Scenarios {
    /// Limits as an operator sees and changes them, while a gateway runs.
    @Suite struct LimitCommandScenarios {
        /// Sends an event and gives the answer.
        private static func send(_ name: String, _ sender: Sender, _ gateway: Server) async throws -> HTTPAnswer {
            try await sender.message(name).request.send(to: gateway.port)
        }

        @Test func `the eleventh request of a free organization is refused, and a change of its tier holds at once`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                try await scenario.command("org", "set-tier", Scenario.organization, "free")
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                for number in 1...10 {
                    #expect(try await Self.send("evt_\(number)", sender, gateway).status == 200, "request \(number)")
                }
                let refused = try await Self.send("evt_11", sender, gateway)
                #expect(refused.status == 429, "\(refused)")
                #expect(refused.code == "organization_limited")
                #expect(refused.text.contains(#""free""#), "the tier is named: \(refused.text)")
                let wait = try #require(refused["Retry-After"].flatMap { Int($0) })
                #expect((1...60).contains(wait))
                for name in [
                    "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                ] {
                    #expect(refused[name] != nil, "\(name) in \(refused.headers)")
                }
                let seen: LimitsShown = try await eventually("the refusal is counted") {
                    let limits = try await LimitsShown.ask(scenario)
                    return limits.last_hour.refused["organization_limited"] == nil || limits.left == nil ? nil : limits
                }
                #expect(seen.tier == "free" && seen.requests_per_minute == 10 && seen.mode == "enforced")
                #expect(seen.left == 0 && seen.gateways == 1 && !seen.overridden)
                #expect(seen.last_hour.accepted == 10)
                try await scenario.command("org", "set-tier", Scenario.organization, "unlimited")
                try await eventually("the new tier holds", within: .seconds(5)) {
                    try await Self.send("evt_11", sender, gateway).status == 200
                }
                for number in 12...40 {
                    #expect(try await Self.send("evt_\(number)", sender, gateway).status == 200, "request \(number)")
                }
                #expect(try await LimitsShown.ask(scenario).requests_per_minute == nil)
                // Numbers of its own go before the tier's until they are taken away.
                try await scenario.command(
                    "org",
                    "set-tier",
                    Scenario.organization,
                    "pro",
                    "--requests-per-minute",
                    "77"
                )
                let own = try await LimitsShown.ask(scenario)
                #expect(own.tier == "pro" && own.requests_per_minute == 77 && own.burst == 77 && own.overridden)
                try await scenario.command("org", "set-tier", Scenario.organization, "pro", "--no-override")
                let tier = try await LimitsShown.ask(scenario)
                #expect(tier.requests_per_minute == 300 && !tier.overridden)
            }
        }

        @Test func `a limit in shadow mode refuses nothing and counts`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                try await scenario.command("org", "set-tier", Scenario.organization, "free")
                try await scenario.command("limits", "set", "free", "--shadow")
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                for number in 1...15 {
                    #expect(try await Self.send("evt_\(number)", sender, gateway).status == 200, "request \(number)")
                }
                let seen: LimitsShown = try await eventually("everything is counted") {
                    let limits = try await LimitsShown.ask(scenario)
                    return limits.last_hour.accepted == 15 && !limits.last_hour.shadowed.isEmpty ? limits : nil
                }
                #expect(seen.mode == "shadow")
                #expect(seen.last_hour.shadowed == ["organization_limited": 5])
                #expect(seen.last_hour.refused.isEmpty)
                try await scenario.command("limits", "set", "free", "--enforce")
                try await eventually("the limit refuses again", within: .seconds(5)) {
                    try await Self.send("evt_more", sender, gateway).status == 429
                }
            }
        }

        @Test func `an endpoint with networks refuses other addresses until any is allowed again`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                #expect(try await Self.send("evt_1", sender, gateway).status == 200)
                let key = sender.endpoint.key
                try await scenario.command("endpoint", "configure", key, "--allow-network", "192.0.2.0/24")
                let refused: HTTPAnswer = try await eventually("the network is closed", within: .seconds(5)) {
                    let answer = try await Self.send("evt_2", sender, gateway)
                    return answer.status == 200 ? nil : answer
                }
                #expect(refused.status == 403 && refused.code == "address_not_allowed", "\(refused)")
                try await scenario.command(
                    "endpoint",
                    "configure",
                    key,
                    "--allow-network",
                    "192.0.2.0/24",
                    "--allow-network",
                    "127.0.0.0/8"
                )
                try await eventually("the network is open", within: .seconds(5)) {
                    try await Self.send("evt_2", sender, gateway).status == 200
                }
                let shown = try await scenario.command("endpoint", "configure", key, "--allow-any")
                #expect(shown.contains("networks    any"))
            }
        }

        @Test func `limits are listed and changed piece by piece`() async throws {
            try await Scenario.with { scenario in
                #expect(try await scenario.command("limits", "list").contains("enterprise"))
                let set = try await scenario.command(
                    "limits",
                    "set",
                    "pro",
                    "--requests-per-minute",
                    "500",
                    "--burst",
                    "70"
                )
                #expect(set == "pro: 500/min, burst 70, enforced\n")
                #expect(
                    try await scenario.command("limits", "set", "pro", "--shadow").contains("500/min, burst 70, shadow")
                )
                #expect(
                    try await scenario.command("limits", "set", "pro", "--requests-per-minute", "600")
                        .contains("600/min, burst 70, shadow")
                )
                #expect(
                    try await scenario.command("limits", "set", "address", "--requests-per-minute", "unlimited")
                        == "address: unlimited, enforced\n"
                )
                let listed = try await scenario.command("limits", "list", "--json")
                #expect(
                    listed.contains(#"{"name":"address","requests_per_minute":null,"burst":null,"mode":"enforced"}"#)
                )
            }
        }

        @Test func `what cannot be meant is an error with a code, and changes nothing`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let endpoint = try await scenario.endpoint("meta")
                let key = endpoint.key
                let cases: [(words: [String], code: String)] = [
                    (["limits", "show", "nobody"], "organization_not_found"),
                    (["limits", "set", "golden", "--shadow"], "unknown_limit"),
                    (["limits", "set", "pro"], "nothing_to_change"),
                    (["limits", "set", "pro", "--shadow", "--enforce"], "bad_option"),
                    (["limits", "set", "pro", "--requests-per-minute", "many"], "bad_option"),
                    (["limits", "set", "pro", "--requests-per-minute", "0"], "invalid_value"),
                    (["limits", "set", "pro", "--requests-per-minute", "100000001"], "invalid_value"),
                    (["limits", "set", "global", "--burst", "5"], "bad_option"),
                    (["org", "set-tier", "nobody", "pro"], "organization_not_found"),
                    (["org", "set-tier", "acme", "golden"], "unknown_tier"),
                    (["org", "set-tier", "acme", "pro", "--no-override", "--burst", "1"], "bad_option"),
                    (["org", "set-tier", "acme", "pro", "--requests-per-minute", "0"], "invalid_value"),
                    (["endpoint", "configure", key], "nothing_to_change"),
                    (["endpoint", "configure", key, "--burst", "5"], "bad_option"),
                    (["endpoint", "configure", key, "--no-limit", "--requests-per-minute", "5"], "bad_option"),
                    (["endpoint", "configure", key, "--requests-per-minute", "0"], "invalid_value"),
                    (["endpoint", "configure", key, "--allow-network", "10.0.0.1/8"], "bad_network"),
                    (["endpoint", "configure", key, "--allow-network", "example.com"], "bad_network"),
                    (["endpoint", "configure", key, "--allow-any", "--allow-network", "10.0.0.0/8"], "bad_option"),
                    (["endpoint", "configure", key, "--quarantine-hours", "5"], "bad_option"),
                    (["endpoint", "configure", key, "--quarantine-bytes", "4095"], "invalid_value"),
                    (
                        ["endpoint", "configure", key, "--quarantine-bytes", "4096", "--quarantine-hours", "721"],
                        "invalid_value"
                    ),
                    (["endpoint", "configure", "nothing-of-this-name", "--allow-any"], "endpoint_not_found"),
                    (["endpoint", "rejections", "nothing-of-this-name"], "endpoint_not_found"),
                    (["endpoint", "rejections", key, "--limit", "101"], "bad_option"),
                    (["endpoint", "secrets", "nothing-of-this-name"], "endpoint_not_found"),
                    (["endpoint", "retire-secret", key, "no-id"], "secret_not_found"),
                    (["endpoint", "reverify", "nothing-of-this-name"], "endpoint_not_found"),
                ]
                for (words, code) in cases {
                    let outcome = try await scenario.run(words)
                    #expect(outcome.ending == .exited(1), "\(words): \(outcome)")
                    #expect(outcome.errors.contains("[\(code)]"), "\(words): \(outcome.errors)")
                    #expect(outcome.output.isEmpty, "\(words)")
                }
                let shown = try await LimitsShown.ask(scenario)
                #expect(shown.tier == "unlimited" && shown.endpoints.first?.requests_per_minute == nil)
                #expect(shown.left == nil, "no gateway has reported")
            }
        }

        @Test func `the documentation's table of answers is what the definitions say`() async throws {
            try await Scenario.with(.bare) { scenario in
                let printed = try await scenario.command("platforms", "list", "--answers")
                let page = TextFile.read(try RepositoryRoot.path() + "/Platforms/README.md")
                let begin = try #require(page.firstRange(of: "<!-- limit answers: begin -->\n"))
                let end = try #require(page.firstRange(of: "<!-- limit answers: end -->\n"))
                #expect(
                    page[begin.upperBound..<end.lowerBound] == printed,
                    "put the output of 'postern platforms list --answers' between the markers"
                )
                #expect(printed.contains("| `google-ads-lead` | gives up | sends again | 503 |"))
            }
        }
    }
}
