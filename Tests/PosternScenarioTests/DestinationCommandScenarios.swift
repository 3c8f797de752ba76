import PosternCrypto
import PosternModel
import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Destinations as an operator makes, changes and deletes them.
    @Suite struct DestinationCommandScenarios {
        private struct Rotation: Decodable {
            let added: String
            let retiring: [String]
            let generated_secret: String?
        }

        private struct SecretShown: Decodable {
            let id: String
            let kind: String
            let name: String?
            let state: String
        }

        private struct StateShown: Decodable {
            let state: String
            let circuit: String
        }

        private struct Deletion: Decodable {
            let name: String
            let dead_lettered: Int
            let reopened: Int
        }

        private static let sealed = Statement(
            "sealed",
            """
            SELECT count(*) FROM postern.destination_secrets
            WHERE position('whsec'::bytea IN sealed) = 0 AND position('Bearer'::bytea IN sealed) = 0
            """
        )

        /// The signature of a request by one secret.
        private static func signature(of request: FakeDestination.Request, by secret: String) throws -> String {
            let key = try HMACKey(
                .sha256,
                key: Secret(try #require(Base64.decode(secret.utf8.dropFirst("whsec_".utf8.count))))
            )
            let time = try #require(request.header("webhook-timestamp"))
            let message = Array("\(request.id).\(time).".utf8) + request.body
            return "v1,\(key.authenticate(message.span).base64)"
        }

        @Test func `what is made with a probe is signed by the secret that is shown once`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                try await FakeDestination.with(reply: { _ in .status(200, body: "hello") }) { fake in
                    let made: DestinationShown = try await scenario.json(
                        "destination",
                        "create",
                        "--org",
                        Scenario.organization,
                        "--name",
                        "shop",
                        "--url",
                        fake.url,
                        "--allow-private",
                        "--header",
                        "Authorization: Bearer one",
                        "--type",
                        "issues.*",
                        "--filter",
                        "account=1|2",
                        "--retry-delays",
                        "1,2",
                        "--probe"
                    )
                    #expect(made.kind == "http" && made.form == "structured" && made.state == "enabled")
                    #expect(made.allows_private && made.retry_delays == [1, 2] && made.headers == ["Authorization"])
                    #expect(made.subscriptions.map(\.type) == ["issues.*"])
                    let secret = try #require(made.generated_secret)
                    let probe = try #require(made.probe)
                    #expect(probe.delivered && probe.status == 200 && probe.answer == "hello")
                    let request = try #require(fake.requests.first)
                    #expect(request.header("authorization") == "Bearer one")
                    #expect(request.header("webhook-signature") == (try Self.signature(of: request, by: secret)))
                    // The secret is in no table as it is, and no command shows it again.
                    #expect(try await scenario.tables.number(Self.sealed) == 2)
                    for words in [["list"], ["show", "shop"], ["secrets", "shop"]] {
                        let outcome = try await scenario.run(["destination"] + words)
                        #expect(outcome.succeeded && outcome.output.contains("shop") || words[0] == "secrets")
                        #expect(!outcome.output.contains(secret) && !outcome.output.contains("Bearer"))
                    }
                    let rotation: Rotation = try await scenario.json("destination", "rotate-secret", "shop")
                    let second = try #require(rotation.generated_secret)
                    #expect(rotation.retiring.count == 1)
                    let answer: DestinationShown.Probe = try await scenario.json("destination", "probe", "shop")
                    #expect(answer.delivered)
                    let both = try #require(fake.requests.last)
                    #expect(
                        both.header("webhook-signature")?.split(separator: " ").map(String.init) == [
                            try Self.signature(of: both, by: second), try Self.signature(of: both, by: secret),
                        ]
                    )
                    try await scenario.command("destination", "retire-secret", "shop", rotation.retiring[0])
                    let kept = try await scenario.run(["destination", "retire-secret", "shop", rotation.added])
                    #expect(kept.errors.contains("[last_signing_secret]"), "\(kept)")
                    let secrets: [SecretShown] = try await scenario.json("destination", "secrets", "shop")
                    #expect(secrets.map(\.kind) == ["signing", "header", "signing"])
                    #expect(secrets.map(\.state) == ["active", "active", "revoked"])
                }
            }
        }

        @Test func `a required probe that fails stores nothing, and a wished one says so and stores`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                try await FakeDestination.with(reply: { _ in .status(404, body: "no such thing") }) { fake in
                    let create = [
                        "destination", "create", "--org", Scenario.organization, "--name", "shop", "--url", fake.url,
                        "--allow-private",
                    ]
                    let refused = try await scenario.run(create + ["--probe-required"])
                    #expect(refused.ending == .exited(1) && refused.errors.contains("[probe_failed]"), "\(refused)")
                    #expect(refused.errors.contains("404") && refused.errors.contains("no such thing"))
                    #expect(try await scenario.json("destination", "list", as: [DestinationShown].self).isEmpty)
                    let made = try await scenario.run(create + ["--probe"])
                    #expect(made.succeeded && made.output.contains("NOT delivered"), "\(made)")
                    #expect(made.output.contains("whsec_"))
                    let probed = try await scenario.run(["destination", "probe", "shop"])
                    #expect(probed.ending == .exited(1) && probed.errors.contains("[probe_failed]"), "\(probed)")
                    let change = try await scenario.run(
                        ["destination", "change", "shop", "--concurrency", "3", "--probe-required"]
                    )
                    #expect(change.ending == .exited(1), "\(change)")
                    fake.behave { _ in .status(204) }
                    let changed: DestinationShown = try await scenario.json(
                        "destination",
                        "change",
                        "shop",
                        "--concurrency",
                        "3",
                        "--rate-per-second",
                        "7",
                        "--header",
                        "X-Shop: two",
                        "--ordered",
                        "--probe-required"
                    )
                    #expect(changed.concurrency == 3 && changed.rate_per_second == 7 && changed.ordered)
                    #expect(changed.probe?.delivered == true && changed.headers == ["X-Shop"])
                    #expect(fake.requests.last?.header("x-shop") == "two")
                    let back: DestinationShown = try await scenario.json(
                        "destination",
                        "change",
                        "shop",
                        "--no-rate-limit",
                        "--no-ordered",
                        "--remove-header",
                        "x-shop",
                        "--retry-delays",
                        "none"
                    )
                    #expect(back.rate_per_second == nil && !back.ordered && back.headers.isEmpty)
                    #expect(back.retry_delays.isEmpty && back.concurrency == 3)
                }
            }
        }

        @Test func `states and subscriptions come and go, and figures are shown`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                try await scenario.command(
                    "destination",
                    "create",
                    "--org",
                    Scenario.organization,
                    "--name",
                    "app",
                    "--kind",
                    "postgres-notify",
                    "--channel",
                    "shop_events"
                )
                for (word, state) in [
                    ("pause", "paused"), ("resume", "enabled"), ("disable", "disabled"), ("enable", "enabled"),
                ] {
                    let shown: StateShown = try await scenario.json("destination", word, "app")
                    #expect(shown.state == state && shown.circuit == "closed")
                }
                try await scenario.command("destination", "subscribe", "app", "--filter", "data.order.id?")
                let two: DestinationShown = try await scenario.json("destination", "show", "app")
                #expect(two.subscriptions.map(\.type) == ["*"] && two.channel == "shop_events")
                #expect(two.summary?.lag_events == 0 && two.summary?.pending_retries == 0)
                let only = try #require(two.subscriptions.first).id
                let last = try await scenario.run(["destination", "unsubscribe", "app", only])
                #expect(last.errors.contains("[last_subscription]"), "\(last)")
                try await scenario.command("destination", "unsubscribe", "app", only, "--all-events")
                let text = try await scenario.command("destination", "show", "app")
                #expect(text.contains("subscribes    to everything"), "\(text)")
                let probe = try await scenario.command("destination", "probe", "app")
                #expect(probe.contains("announced on the channel shop_events"))
                let deletion: Deletion = try await scenario.json("destination", "delete", "app")
                #expect(deletion.name == "app" && deletion.dead_lettered == 0 && deletion.reopened == 0)
                let gone = try await scenario.run(["destination", "show", "app"])
                #expect(gone.errors.contains("[destination_not_found]"), "\(gone)")
            }
        }

        @Test func `what waited for a deleted destination is found by its id and goes to another one`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                func create(_ name: String, _ more: String...) async throws -> String {
                    let words = ["--org", Scenario.organization, "--name", name, "--channel", name] + more
                    return try await scenario.run(
                        ["destination", "create", "--kind", "postgres-notify"] + words
                    ).output
                }
                #expect(try await create("app", "--probe").contains("announced on the channel app"))
                try await scenario.tables.script(
                    """
                    INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                        payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at,
                        destination_id, event_id, event_number, event)
                    SELECT 1, gen_random_uuid(), gen_random_uuid(), org_id, gen_random_uuid(), 'github', '', '{}', 0,
                        now() + interval '1 day', 'http_5xx', 'd', now(), id, gen_random_uuid(), 7, '{"type": "push"}'
                    FROM postern.destinations
                    """
                )
                let unasked = try await scenario.run(["destination", "delete", "app"])
                #expect(unasked.errors.contains("[confirmation_required]"), "\(unasked)")
                let dry = try await scenario.command("destination", "delete", "app", "--dry-run")
                #expect(dry.contains("1 event becomes a dead letter"), "\(dry)")
                let shown: DestinationShown = try await scenario.json("destination", "show", "app")
                let deletion: Deletion = try await scenario.json("destination", "delete", "app", "--yes")
                #expect(deletion.dead_lettered == 1 && deletion.reopened == 0)
                let listed: DeadLetterCommandScenarios.Listed = try await scenario.json(
                    "deadletter",
                    "list",
                    "--destination",
                    shown.id
                )
                #expect(listed.total == 1)
                let letter = try #require(listed.dead_letters.first).id
                let text = try await scenario.command("deadletter", "list")
                #expect(text.contains("app (deleted)"), "\(text)")
                let refused = try await scenario.run(["deadletter", "replay", letter])
                #expect(refused.errors.contains("[destination_unavailable]"), "\(refused)")
                #expect(refused.errors.contains("postern events replay --destination"), "\(refused)")
                #expect(!refused.errors.contains("resume"))
                _ = try await create("other")
                try await scenario.command("deadletter", "replay", letter, "--to", "other")
                let queued = try await scenario.tables.number(
                    Statement(
                        "queued",
                        """
                        SELECT count(*) FROM postern.webhook_retry_queue q
                        JOIN postern.destinations d ON d.id = q.destination_id
                        WHERE d.name = 'other' AND q.dead_letter_id IS NOT NULL
                        """
                    )
                )
                #expect(queued == 1)
            }
        }

        @Test func `what cannot be a destination is an error with a code`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let create = ["destination", "create", "--org", Scenario.organization]
                try await scenario.command(
                    "destination",
                    "create",
                    "--org",
                    Scenario.organization,
                    "--name",
                    "shop",
                    "--url",
                    "https://shop.example/"
                )
                let cases: [(words: [String], code: String)] = [
                    (create + ["--name", "shop", "--url", "https://shop.example/"], "destination_exists"),
                    (
                        ["destination", "create", "--org", "nobody", "--url", "https://x.example/"],
                        "organization_not_found"
                    ),
                    (create, "invalid_value"), (create + ["--url", "shop.example"], "invalid_value"),
                    (create + ["--url", "http://127.0.0.1/"], "invalid_value"),
                    (create + ["--url", "http://169.254.169.254/", "--allow-private"], "invalid_value"),
                    (create + ["--kind", "smoke"], "bad_option"),
                    (create + ["--kind", "postgres-notify", "--channel", "Shop"], "invalid_value"),
                    (create + ["--url", "https://x.example/", "--form", "slack"], "invalid_value"),
                    (create + ["--url", "https://x.example/", "--form", "xml"], "bad_option"),
                    (create + ["--url", "https://x.example/", "--timeout-ms", "1"], "invalid_value"),
                    (create + ["--url", "https://x.example/", "--retry-delays", "1;2"], "bad_option"),
                    (create + ["--url", "https://x.example/", "--secret", "hunter2"], "invalid_value"),
                    (create + ["--url", "https://x.example/", "--header", "Host: x"], "invalid_value"),
                    (create + ["--url", "https://x.example/", "--header", "Host"], "bad_header"),
                    (create + ["--url", "https://x.example/", "--filter", "color=red"], "bad_filter"),
                    (create + ["--url", "https://x.example/", "--filter", "account"], "bad_filter"),
                    (create + ["--kind", "postgres-notify", "--channel", "c", "--form", "raw"], "bad_option"),
                    (create + ["--kind", "alert", "--url", "https://x.example/", "--ordered"], "bad_option"),
                    (["destination", "change", "shop"], "nothing_to_change"),
                    (["destination", "change", "shop", "--channel", "c"], "invalid_value"),
                    (["destination", "change", "nothing", "--name", "x"], "destination_not_found"),
                    (["destination", "subscribe", "shop"], "nothing_to_subscribe"),
                    (["destination", "unsubscribe", "shop", "x"], "subscription_not_found"),
                    (["destination", "retire-secret", "shop", "x"], "destination_secret_not_found"),
                    (["destination", "rotate-secret", "shop", "--grace-hours", "9999"], "bad_option"),
                    (["destination", "delete", "nothing"], "destination_not_found"),
                    (
                        ["destination", "delete", "019aa000-0000-7000-8000-000000000001"], "destination_not_found"
                    ),
                ]
                for (words, code) in cases {
                    let outcome = try await scenario.run(words)
                    #expect(outcome.ending == .exited(1), "\(words): \(outcome)")
                    #expect(outcome.errors.contains("[\(code)]"), "\(words): \(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                }
                #expect(try await scenario.json("destination", "list", as: [DestinationShown].self).count == 1)
            }
        }
    }
}
