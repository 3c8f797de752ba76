import PosternTesting
import Testing

extension Scenarios {
    /// What is not proven is refused: with the right status and code, never as a fault of ours, and counted.
    @Suite struct RefusalScenarios {
        /// A request and the refusal it must get.
        private struct Case {
            let name: String
            let request: HTTPRequest
            let status: Int
            let code: String
        }

        private func cases(stripe: Sender, meta: Sender, github: Sender) throws -> [Case] {
            let good = try meta.message("good").request
            var tampered = good
            tampered.body[tampered.body.count - 3] ^= 1
            var unsigned = good
            unsigned.headers.removeAll { $0.name == "X-Hub-Signature-256" }
            var malformed = unsigned
            malformed.headers.append(("X-Hub-Signature-256", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"))
            let stripeBody = try stripe.message("evt").request.body
            var broken = try stripe.message("evt").request
            broken.headers = [("Stripe-Signature", "t=soon,v1=\(String(repeating: "0", count: 64))")]
            var elsewhere = good
            elsewhere.target = "/webhooks/stripe/\(meta.endpoint.key)"
            var unknown = good
            unknown.target = "/webhooks/meta/aaaaaaaaaaaaaaaaaaaaaaaaaa"
            var get = HTTPRequest(method: "GET", target: github.endpoint.path)
            get.saysLength = false
            var put = good
            put.method = "PUT"
            let large = try stripe.signed([UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) + 1))
            return [
                Case(name: "tampered", request: tampered, status: 401, code: "signature_mismatch"),
                Case(
                    name: "another secret",
                    request: try meta.signed(good.body, secret: "wrong"),
                    status: 401,
                    code: "signature_mismatch"
                ),
                Case(name: "unsigned", request: unsigned, status: 401, code: "missing_signature"),
                Case(name: "malformed", request: malformed, status: 401, code: "malformed_signature"),
                Case(name: "a time that is none", request: broken, status: 401, code: "malformed_signature"),
                Case(
                    name: "stale",
                    request: try stripe.signed(stripeBody, age: .seconds(400)),
                    status: 401,
                    code: "stale_timestamp"
                ),
                Case(name: "another platform's URL", request: elsewhere, status: 404, code: "unknown_endpoint"),
                Case(name: "unknown endpoint", request: unknown, status: 404, code: "unknown_endpoint"),
                Case(
                    name: "unknown path",
                    request: HTTPRequest(target: "/nowhere", body: [1]),
                    status: 404,
                    code: "unknown_endpoint"
                ),
                Case(name: "GET without a handshake", request: get, status: 405, code: "method_not_allowed"),
                Case(name: "PUT", request: put, status: 405, code: "method_not_allowed"),
                Case(name: "oversize", request: large, status: 413, code: "body_too_large"),
            ]
        }

        @Test func `each refusal has its status and code, is counted, and stores nothing`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let meta = Sender(endpoint: try await scenario.endpoint("meta"))
                let stripe = Sender(endpoint: try await scenario.endpoint("stripe"))
                let github = Sender(endpoint: try await scenario.endpoint("github"))
                let gateway = try await scenario.gateway()
                for each in try self.cases(stripe: stripe, meta: meta, github: github) {
                    let answer = try await each.request.send(to: gateway.port)
                    #expect(answer.status == each.status, "\(each.name): \(answer)")
                    let failure = try answer.failure()
                    #expect(failure.code == each.code, "\(each.name)")
                    #expect(!failure.success)
                    #expect(!failure.message.isEmpty && !failure.suggested_action.isEmpty)
                    #expect(answer["Content-Type"] == "application/json")
                    if each.status == 405 { #expect(answer["Allow"] == "GET, POST") }
                }
                #expect(try await scenario.tables.deliveryIDs().isEmpty)
                let expected: [String: Int64] = [
                    "signature_mismatch": 2, "missing_signature": 1, "malformed_signature": 2, "stale_timestamp": 1,
                    "method_not_allowed": 2, "body_too_large": 1,
                ]
                let stats = try await Stats.eventually(from: gateway) { $0.rejected == expected }
                #expect(stats.accepted == 0)
            }
        }

        @Test func `a body that grows past the limit without saying so is refused as oversize`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let stripe = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                var request = try stripe.message("evt").request
                request.saysLength = false
                request.headers.append(("Transfer-Encoding", "chunked"))
                let head = request.head
                let answer = try await onThread {
                    let connection = try HTTPConnection(port: gateway.port)
                    try connection.send(head)
                    let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 32, count: 65_536) + Array("\r\n".utf8)
                    // The server may close while the rest is still on its way.
                    for _ in 0..<17 { do { try connection.send(chunk) } catch { break } }
                    return try connection.answer()
                }
                #expect(answer.status == 413)
                #expect(answer.code == "body_too_large")
                _ = try await Stats.eventually(from: gateway) { $0.rejected == ["body_too_large": 1] }
            }
        }

        @Test func `a chunked body is verified and stored like any other`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                var request = try sender.message("evt_chunked").request
                request.saysLength = false
                request.headers.append(("Transfer-Encoding", "chunked"))
                let body = request.body
                request.body = body.flatMap { byte in Array("1\r\n".utf8) + [byte, 13, 10] } + Array("0\r\n\r\n".utf8)
                let answer = try await request.send(to: gateway.port)
                #expect(answer.status == 200, "\(answer)")
                let stored = try await scenario.tables.delivery(try #require(answer.deliveryID))
                #expect(stored?.body == body)
            }
        }

        @Test func `no forged request is ever a fault of ours`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                let fields = [
                    "stripe": "Stripe-Signature", "meta": "X-Hub-Signature-256", "github": "X-Hub-Signature-256",
                    "slack": "X-Slack-Signature", "svix": "svix-signature", "twilio": "X-Twilio-Signature",
                    "mailgun": "X-Mailgun", "gitlab": "X-Gitlab-Token", "shopify": "X-Shopify-Hmac-SHA256",
                ]
                let signatures = [
                    "", " ", ",", "=", "sha256=", "sha256=zz", "sha256=" + String(repeating: "0", count: 64), "v0=",
                    "v1,",
                    "v1,AAAA", "t=,v1=", "t=1,v1=00", "t=99999999999999999999,v1=00", "t=-1,v1=00,v1=,v1", "%00",
                    "\u{e9}\u{1f600}",
                    String(repeating: "a", count: 4000), String(repeating: "v1=00,", count: 600),
                ]
                let bodies = [
                    "", "{}", "[", "null", "a=b&c=%", "\u{0}",
                    #"{"signature":{"timestamp":1,"token":[],"signature":{}}}"#,
                ]
                for (platform, field) in fields.sorted(by: { $0.key < $1.key }) {
                    let endpoint = try await scenario.endpoint(
                        platform,
                        secret: platform == "svix"
                            ? "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz" : "scenario-secret-01234567"
                    )
                    let answers = try await onThread {
                        let connection = try HTTPConnection(port: gateway.port)
                        return try signatures.indices.map { index in
                            let request = HTTPRequest(
                                target: endpoint.path,
                                headers: [
                                    (field, signatures[index]), ("X-Slack-Request-Timestamp", "\(index)e9"),
                                    ("svix-id", ""),
                                    ("svix-timestamp", "0x1"),
                                    (
                                        "Content-Type",
                                        index % 2 == 0 ? "application/json" : "application/x-www-form-urlencoded"
                                    ),
                                ],
                                body: Array(bodies[index % bodies.count].utf8)
                            )
                            try connection.send(request.bytes)
                            return try connection.answer()
                        }
                    }
                    for (answer, signature) in zip(answers, signatures) {
                        #expect(
                            [400, 401, 403].contains(answer.status),
                            "\(platform) \(signature.prefix(80)): \(answer)"
                        )
                        #expect(answer.code != nil)
                    }
                }
                #expect(try await scenario.tables.deliveryIDs().isEmpty)
            }
        }

        @Test func `what is not HTTP is refused and does no harm`() async throws {
            let wrong: [(text: String, status: Int)] = [
                ("NONSENSE\r\n\r\n", 400), ("POST / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.7\r\nHost: x\r\n\r\n", 505),
                ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
                ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
                ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                ("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "b", count: 100_000))\r\n\r\n", 431),
            ]
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                for (text, status) in wrong {
                    let answer = try await onThread {
                        let connection = try HTTPConnection(port: gateway.port)
                        // The server may answer and close before it has read all.
                        do { try connection.send(Array(text.utf8)) } catch HTTPFault.reset {} catch HTTPFault.closed {}
                        return try connection.answer()
                    }
                    #expect(answer.status == status, "\(text.prefix(100)): \(answer)")
                    #expect(answer.code != nil)
                }
                #expect(try await HTTPRequest.get("/health/ready", from: gateway.port).status == 200)
            }
        }

        @Test func `an endpoint is disabled and enabled without a restart, and a new one is known at once`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                try await sender.deliver(try sender.message("evt_1").request, to: gateway.port)
                try await scenario.command("endpoint", "disable", sender.endpoint.key)
                let refusal = try await eventually("the endpoint is refused", within: .seconds(5)) {
                    let answer = try await (try sender.message("evt_2").request).send(to: gateway.port)
                    return answer.status == 200 ? nil : answer
                }
                #expect(refusal.status == 410)
                #expect(refusal.code == "endpoint_disabled")
                try await scenario.command("endpoint", "enable", sender.endpoint.key)
                try await eventually("the endpoint is served", within: .seconds(5)) {
                    try await (try sender.message("evt_3").request).send(to: gateway.port).status == 200
                }
                _ = try await Stats.eventually(from: gateway) { $0.rejected["endpoint_disabled", default: 0] > 0 }
            }
        }

        @Test func `an endpoint made right after its URL was refused as unknown is served`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                // The key is known only afterwards, so the row is made first under another key.
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let key = sender.endpoint.key
                try await scenario.tables.script(
                    "UPDATE postern.endpoints SET key = 'a-wholly-different-key' WHERE key = '\(key)'"
                )
                try await eventually("the URL is unknown", within: .seconds(5)) {
                    try await (try sender.message("1").request).send(to: gateway.port).status == 404
                }
                try await scenario.tables.script("UPDATE postern.endpoints SET key = '\(key)'")
                try await eventually("the URL is served", within: .seconds(5)) {
                    try await (try sender.message("2").request).send(to: gateway.port).status == 200
                }
            }
        }
    }
}
