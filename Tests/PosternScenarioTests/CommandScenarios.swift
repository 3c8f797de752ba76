import FoundationEssentials
import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// The command line as an operator or a script uses it.
    @Suite struct CommandScenarios {
        private struct Plan: Decodable {
            let applied: Int
            let pending: [String]
        }

        private static let schemas = Statement(
            "schemas",
            "SELECT count(*) FROM pg_namespace WHERE nspname = 'postern'"
        )

        @Test func `migrate says what is pending, plans without acting, acts once, and acts again without harm`()
            async throws
        {
            try await Scenario.with(.empty) { scenario in
                let check = try await scenario.run(["migrate", "--check"])
                #expect(check.ending == .exited(1))
                #expect(check.output.contains("pending"))
                let plan = try await scenario.run(["migrate", "--dry-run"])
                #expect(plan.succeeded)
                #expect(plan.output.contains("CREATE TABLE postern.deliveries"))
                #expect(try await scenario.tables.number(Self.schemas) == 0, "a dry run changes nothing")
                let json = try await scenario.run(["migrate", "--check", "--json"])
                #expect(json.ending == .exited(1))
                #expect(json.errors.isEmpty)
                let before = try JSONDecoder().decode(Plan.self, from: Data(json.output.utf8))
                #expect(before.applied == 0 && !before.pending.isEmpty)
                // Two at once: one waits for the other.
                async let first = scenario.run(["migrate"])
                async let second = scenario.run(["migrate"])
                let outcomes = try await [first, second]
                for outcome in outcomes { #expect(outcome.succeeded, "\(outcome.errors)") }
                #expect(try await scenario.run(["migrate", "--check"]).succeeded)
                #expect(try await scenario.run(["migrate"]).succeeded)
                let after = try await scenario.command("migrate", "--check", "--json")
                let status = try JSONDecoder().decode(Plan.self, from: Data(after.utf8))
                #expect(status.applied == before.pending.count && status.pending.isEmpty)
            }
        }

        @Test func `a gateway and a consumer on a database without the schema say what to do`() async throws {
            try await Scenario.with(.empty) { scenario in
                for command in [["org", "list"], ["endpoint", "list"], ["events", "list", "--org", "acme"]] {
                    let outcome = try await scenario.run(command)
                    #expect(outcome.ending == .exited(1), "\(command)")
                    #expect(outcome.errors.contains("postern migrate"), "\(command): \(outcome.errors)")
                }
            }
        }

        @Test func `what exists already, is unknown or is badly said is an error with a code`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                _ = try await scenario.endpoint("meta")
                let cases: [(words: [String], code: String)] = [
                    (["org", "create", "acme"], "organization_exists"),
                    (["org", "create", "x", "--tier", "golden"], "unknown_tier"),
                    (["org", "create", ""], "invalid_value"),
                    (["endpoint", "create", "--org", "acme", "--platform", "meta"], "endpoint_exists"),
                    (["endpoint", "create", "--org", "nobody", "--platform", "meta"], "organization_not_found"),
                    (["endpoint", "create", "--org", "acme", "--platform", "myspace"], "unknown_platform"),
                    (
                        ["endpoint", "create", "--org", "acme", "--platform", "tiktok-shop", "--secret", "s"],
                        "unusable_endpoint"
                    ),
                    (
                        [
                            "endpoint", "create", "--org", "acme", "--platform", "svix", "--secret", "whsec_?",
                            "--name", "bad",
                        ], "unusable_endpoint"
                    ),
                    (["endpoint", "disable", "nothing-of-this-name"], "endpoint_not_found"),
                    (["endpoint", "rotate-secret", "nothing-of-this-name"], "endpoint_not_found"),
                    (["events", "list", "--org", "nobody"], "organization_not_found"),
                    (["events", "list", "--org", "acme", "--limit", "0"], "bad_option"),
                    (["send", "nothing-of-this-name"], "endpoint_not_found"),
                    (["platforms", "show", "myspace"], "unknown_platform"),
                    (["platforms", "verify", "--vectors", "/nowhere.json"], "unreadable_file"),
                ]
                for (words, code) in cases {
                    let outcome = try await scenario.run(words)
                    #expect(outcome.ending == .exited(1), "\(words): \(outcome)")
                    #expect(outcome.errors.contains("[\(code)]"), "\(words): \(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                }
                let misspelled = try await scenario.run(["endpont", "list"])
                #expect(misspelled.ending == .exited(64), "\(misspelled)")
            }
        }

        @Test func `without a database the error names it, quickly`() async throws {
            try await Scenario.with(.bare) { scenario in
                let away = ["POSTERN_DATABASE": "host=\(scenario.directory) dbname=x connect_timeout=2"]
                for command in [["org", "list"], ["migrate", "--check"]] {
                    let outcome = try await scenario.run(command, settings: away)
                    #expect(outcome.ending == .exited(1))
                    #expect(outcome.errors.contains("[database_unreachable]"), "\(outcome.errors)")
                }
                let none = try await scenario.run(["org", "list"], settings: ["POSTERN_DATA": scenario.directory])
                #expect(none.errors.contains("[no_database]"), "\(none.errors)")
            }
        }

        @Test func `settings that cannot be meant are refused with their name`() async throws {
            try await Scenario.with { scenario in
                let wrong: [(command: String, key: String, value: String)] = [
                    ("gateway", "POSTERN_GATEWAY_PORT", "70000"), ("gateway", "POSTERN_GATEWAY_LOOPS", "many"),
                    ("consumer", "POSTERN_CONSUMER_LEASE_SECONDS", "0"), ("gateway", "POSTERN_LOG_LEVEL", "loud"),
                    ("consumer", "POSTERN_CONSUMER_RETRY_DELAYS_SECONDS", "60;300"),
                    ("gateway", "POSTERN_CONFIG", "/nowhere.yaml"), ("gateway", "POSTERN_KEY_FILE", "/nowhere.key"),
                ]
                for (command, key, value) in wrong {
                    let outcome = try await scenario.run([command], settings: [key: value])
                    #expect(outcome.ending == .exited(1), "\(key): \(outcome)")
                    #expect(outcome.errors.contains(value), "\(key): \(outcome.errors)")
                }
                try TextFile.write("\(scenario.directory)/exposed.key", "x".utf8)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o644],
                    ofItemAtPath: "\(scenario.directory)/exposed.key"
                )
                let exposed = try await scenario.run(
                    ["gateway"],
                    settings: ["POSTERN_KEY_FILE": "\(scenario.directory)/exposed.key"]
                )
                #expect(exposed.errors.contains("[key_file_exposed]"), "\(exposed.errors)")
            }
        }

        @Test func `the vectors match, and one flipped verdict is found`() async throws {
            try await Scenario.with(.bare) { scenario in
                let source = try RepositoryRoot.path() + "/Tests/PosternPlatformsTests/Fixtures/vectors.json"
                let right = try await scenario.run(["platforms", "verify", "--vectors", source])
                #expect(right.succeeded, "\(right.output.suffix(500)) \(right.errors)")
                #expect(!right.output.contains("MISMATCH"))
                var text = TextFile.read(source)
                let range = try #require(text.firstRange(of: #""valid": true"#))
                let copy = "\(scenario.directory)/vectors.json"
                text.replaceSubrange(range, with: #""valid": false"#)
                try TextFile.write(copy, text.utf8)
                let wrong = try await scenario.run(["platforms", "verify", "--vectors", copy])
                #expect(wrong.ending == .exited(1))
                #expect(wrong.output.split(separator: "\n").count { $0.hasPrefix("MISMATCH") } == 1)
            }
        }

        @Test func `send signs as the platform does, for every platform that has a sample`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let url = ["--url", "http://127.0.0.1:\(gateway.port)"]
                for platform in [
                    "meta", "stripe", "github", "slack", "svix", "standard-webhooks", "shopify", "youtube-websub",
                ] {
                    let endpoint = try await scenario.endpoint(
                        platform,
                        secret: nil,
                        platform == "stripe" || platform == "slack" || platform == "shopify"
                            ? ["--secret", "scenario-secret-1"] : []
                    )
                    let sent = try await scenario.run(["send", endpoint.key] + url)
                    #expect(sent.succeeded, "\(platform): \(sent.output) \(sent.errors)")
                    #expect(sent.output.contains("200 in"))
                    let forged = try await scenario.run(["send", endpoint.key, "--forge"] + url)
                    #expect(forged.ending == .exited(1), "\(platform): \(forged.output)")
                }
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                let listed = try await scenario.command("events", "list", "--org", Scenario.organization, "--json")
                let stored = try await scenario.tables.eventKeys().count
                #expect(listed.split(separator: "\n").count == stored)
                #expect(listed.contains(#""specversion":"1.0""#))
            }
        }
    }
}
