import Testing

extension Scenarios {
    /// Secrets change while requests come.
    @Suite struct RotationScenarios {
        private func status(_ sender: Sender, secret: String, _ gateway: Server) async throws -> Int {
            let body = try sender.message("evt").request.body
            return try await (try sender.signed(body, secret: secret)).send(to: gateway.port).status
        }

        @Test func `after a rotation the old and the new secret prove requests, without a restart`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe", secret: "the-old-secret"))
                #expect(try await self.status(sender, secret: "the-old-secret", gateway) == 200)
                #expect(try await self.status(sender, secret: "the-new-secret", gateway) == 401)
                try await scenario.command(
                    "endpoint",
                    "rotate-secret",
                    sender.endpoint.key,
                    "--secret",
                    "the-new-secret"
                )
                try await eventually("the new secret is known", within: .seconds(5)) {
                    try await self.status(sender, secret: "the-new-secret", gateway) == 200
                }
                #expect(try await self.status(sender, secret: "the-old-secret", gateway) == 200)
                #expect(try await self.status(sender, secret: "a-third-secret", gateway) == 401)
            }
        }

        @Test func `a rotation without grace ends the old secret`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                let sender = Sender(endpoint: try await scenario.endpoint("github", secret: "the-old-secret"))
                #expect(try await self.status(sender, secret: "the-old-secret", gateway) == 200)
                try await scenario.command(
                    "endpoint",
                    "rotate-secret",
                    sender.endpoint.key,
                    "--secret",
                    "the-new-secret",
                    "--grace-hours",
                    "0"
                )
                try await eventually("the new secret is known", within: .seconds(5)) {
                    try await self.status(sender, secret: "the-new-secret", gateway) == 200
                }
                #expect(try await self.status(sender, secret: "the-old-secret", gateway) == 401)
                // The same for a gateway that reads it for the first time.
                let second = try await scenario.gateway()
                #expect(try await self.status(sender, secret: "the-new-secret", second) == 200)
                #expect(try await self.status(sender, secret: "the-old-secret", second) == 401)
            }
        }

        @Test func `a gateway that has loaded a secret refuses it once its time has come`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                // Expiry sends no notification: the gateway finds it by looking again.
                let gateway = try await scenario.gateway(settings: ["POSTERN_GATEWAY_DIRECTORY_POLL_SECONDS": "1"])
                let sender = Sender(endpoint: try await scenario.endpoint("stripe", secret: "the-old-secret"))
                try await scenario.command(
                    "endpoint",
                    "rotate-secret",
                    sender.endpoint.key,
                    "--secret",
                    "the-new-secret"
                )
                // An hour is the shortest grace there is; the row is what a gateway goes by.
                try await scenario.tables.script(
                    "UPDATE postern.endpoint_secrets SET expires_at = now() + interval '3 seconds' WHERE expires_at IS NOT NULL"
                )
                try await eventually("the new secret is known", within: .seconds(5)) {
                    try await self.status(sender, secret: "the-new-secret", gateway) == 200
                }
                try await eventually("the old secret is refused", within: .seconds(10), every: .milliseconds(200)) {
                    try await self.status(sender, secret: "the-old-secret", gateway) == 401
                }
                #expect(try await self.status(sender, secret: "the-new-secret", gateway) == 200)
            }
        }
    }
}
