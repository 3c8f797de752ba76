import Testing

extension Scenarios {
    /// What platforms ask before they send.
    @Suite struct HandshakeScenarios {
        @Test func `each handshake of the shipped platforms is answered exactly`() async throws {
            let vectors = try HandshakeVector.all()
            #expect(vectors.count == 13)
            // Discord and SNS sign with public keys, which are not done yet; the GitHub ping has its own test.
            let supported = vectors.filter { !["discord", "aws_sns", "github"].contains($0.platform) }
            #expect(supported.count == 10)
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                for (number, vector) in supported.enumerated() {
                    let endpoint = try await scenario.endpoint(
                        vector.platformName,
                        name: "vector-\(number)",
                        secret: nil,
                        vector.endpointOptions
                    )
                    let answer = try await (try vector.request(to: endpoint.path)).send(to: gateway.port)
                    #expect(answer.status == vector.expect.status, "\(vector): \(answer)")
                    if let body = vector.expect.body, vector.request.method != "HEAD" {
                        #expect(answer.text == body, "\(vector)")
                    }
                    for (name, value) in vector.expect.headers { #expect(answer[name] == value, "\(vector): \(name)") }
                    if !vector.request.body.isEmpty {
                        var forged = try vector.request(to: endpoint.path)
                        forged.body.append(UInt8(ascii: " "))
                        #expect(try await forged.send(to: gateway.port).status == 401, "\(vector) forged")
                    }
                }
                #expect(try await scenario.tables.deliveryIDs().isEmpty, "a handshake is no delivery")
            }
        }

        @Test func `the ping of GitHub is an ordinary delivery`() async throws {
            let ping = try #require(try HandshakeVector.all().first { $0.platform == "github" })
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let endpoint = try await scenario.endpoint("github", secret: ping.secret)
                let answer = try await (try ping.request(to: endpoint.path)).send(to: gateway.port)
                #expect(answer.status == 200)
                #expect(
                    try await scenario.tables.delivery(answer.deliveryID ?? "")?.body == Array(ping.request.body.utf8)
                )
                try await eventually("the ping is an event") { try await scenario.tables.eventKeys().count == 1 }
                #expect(try await scenario.tables.eventKeys() == ["72d3162e-cc78-11e3-81ab-4c9367dc0958"])
            }
        }
    }
}
