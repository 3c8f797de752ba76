import PosternPostgres
import Testing

extension Scenarios {
    /// Secrets never leave: no log, metric, error or table shows one.
    @Suite struct SecrecyScenarios {
        @Test func `no log, answer or table shows a secret, a token, a signature or a body`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let talkative = ["POSTERN_LOG_LEVEL": "trace"]
                let gateway = try await scenario.gateway(settings: talkative)
                let consumer = try await scenario.consumer(settings: talkative)
                let canary = "canary-of-the-body"
                let stripe = Sender(endpoint: try await scenario.endpoint("stripe", secret: "canary-secret-of-stripe"))
                let good = try stripe.message(canary).request
                try await stripe.deliver(good, to: gateway.port)
                _ = try await stripe.signed(good.body, secret: "another").send(to: gateway.port)
                try await stripe.deliver(try stripe.signed(Array("\(canary) is not JSON".utf8)), to: gateway.port)
                // The token itself is the proof, and comes with each request.
                let gitlab = try await scenario.endpoint("gitlab", secret: "canary-token-of-gitlab")
                let push = HTTPRequest(
                    target: gitlab.path,
                    headers: [
                        ("Content-Type", "application/json"), ("X-Gitlab-Event", "Push Hook"),
                        ("X-Gitlab-Token", gitlab.secret),
                        ("Authorization", "Bearer canary-authorization"), ("Cookie", "canary-cookie"),
                    ],
                    body: Array(#"{"object_kind":"push"}"#.utf8)
                )
                let answer = try await push.send(to: gateway.port)
                #expect(answer.status == 200, "\(answer)")
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                let signature = good.headers.first { $0.name == "Stripe-Signature" }?.value.suffix(64) ?? "none"
                let words = [
                    stripe.endpoint.secret, gitlab.secret, canary, String(signature), "canary-authorization",
                    "canary-cookie",
                ]
                for server in [gateway, consumer] {
                    let log = server.process.errorText
                    #expect(log.contains(" debug ") || log.contains(" trace "))
                    for word in words { #expect(!log.contains(word), "\(word) in a log") }
                    for path in ["/health", "/stats", "/metrics"] {
                        let text = try await HTTPRequest.get(path, from: server.statusPort).text
                        for word in words { #expect(!text.contains(word), "\(word) at \(path)") }
                    }
                }
                let stored = try await scenario.tables.delivery(answer.deliveryID ?? "")
                #expect(stored?.headers.contains("push hook") == true || stored?.headers.contains("Push Hook") == true)
                #expect(stored?.headers.contains(gitlab.secret) == false, "a token is not kept with the delivery")
                let sealed = Statement(
                    "plain_secrets",
                    "SELECT count(*) FROM postern.endpoint_secrets WHERE position('canary'::bytea IN sealed) > 0"
                )
                #expect(try await scenario.tables.number(sealed) == 0)
            }
        }

        /// What `endpoint secrets --json` says of one.
        private struct ShownSecret: Decodable { let id: String }

        @Test func `a token in a URL is not kept, and nothing is accepted or shown when it is gone`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                let mailchimp = try await scenario.endpoint("mailchimp-marketing", secret: "canary-in-the-url")
                let gitlab = try await scenario.endpoint("gitlab", secret: "canary-in-a-header")
                func post(_ token: String) async throws -> HTTPAnswer {
                    try await HTTPRequest(
                        target: "\(mailchimp.path)/\(token)?list=1",
                        headers: [("Content-Type", "application/x-www-form-urlencoded")],
                        body: Array("type=subscribe&fired_at=2026-11-22+10:00:00".utf8)
                    ).send(to: gateway.port)
                }
                #expect(try await post("wrong").status == 401)
                let answer = try await post(mailchimp.secret)
                let stored = try #require(try await scenario.tables.delivery(answer.deliveryID ?? ""))
                #expect(stored.headers.hasPrefix(":target: \(mailchimp.path)/[secret]?list=1\n"), "\(stored.headers)")

                for key in [mailchimp.key, gitlab.key] {
                    let secrets: [ShownSecret] = try await scenario.json("endpoint", "secrets", key)
                    let secret = try #require(secrets.first)
                    try await scenario.command("endpoint", "retire-secret", key, secret.id, "--force")
                }
                try await eventually("nothing proves a request any more", within: .seconds(5)) {
                    try await post(mailchimp.secret).status == 503
                }
                #expect(try await post("wrong").status == 503)
                let push = HTTPRequest(target: gitlab.path, headers: [("X-Gitlab-Token", gitlab.secret)], body: [])
                #expect(try await push.send(to: gateway.port).status == 503)
                for key in [mailchimp.key, gitlab.key] {
                    try await eventually("the refusal is shown") {
                        let text = try await scenario.command("endpoint", "rejections", key, "--headers")
                        #expect(!text.contains("canary"), "\(text)")
                        return text.contains("endpoint_unusable")
                    }
                }
            }
        }
    }
}
