import PosternCrypto
import PosternModel
import PosternOperations
import PosternPlatforms
import PosternStore
import Testing

/// One quarantined request under the secrets an endpoint has now.
@Suite struct ReverificationCheckTests {
    private static let stripeBody = #"{"id":"evt_1","object":"event","type":"charge.succeeded","created":1795219200}"#

    private static func check(_ request: QuarantinedRequest, _ endpoint: EndpointRecord) throws -> ReverificationOutcome
    {
        try Reverification(
            of: endpoint,
            catalog: try Refused.catalog.get(),
            sealing: try OperationsDatabase.keyring()
        ).check(request)
    }

    @Test func `the secret that proves it is named`() throws {
        let endpoint = try Refused.endpoint("stripe", secrets: ["newer", "older"])
        for (index, secret) in ["newer", "older"].enumerated() {
            let request = try Refused.request(of: endpoint, signedWith: secret, body: Self.stripeBody)
            guard case .valid(let admission) = try Self.check(request, endpoint) else {
                Issue.record("not valid under \(secret)")
                continue
            }
            #expect(admission.secret == Refused.secret(index))
            #expect(admission.request == request)
        }
    }

    @Test func `a request that no secret proves stays refused`() throws {
        let endpoint = try Refused.endpoint("stripe", secrets: ["newer", "older"])
        let request = try Refused.request(of: endpoint, signedWith: "a stranger's", body: Self.stripeBody)
        guard case .refused(.signatureMismatch) = try Self.check(request, endpoint) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a signed time is as old as it was on arrival`() throws {
        let endpoint = try Refused.endpoint("stripe", secrets: ["s"])
        let outcomes = try [0, 299, 301].map { age in
            try Self.check(
                try Refused.request(
                    of: endpoint,
                    signedWith: "s",
                    body: Self.stripeBody,
                    signedAt: Refused.time.advanced(by: .seconds(-age))
                ),
                endpoint
            )
        }
        guard case .valid = outcomes[0], case .valid = outcomes[1], case .refused(.staleTimestamp) = outcomes[2] else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func `a token in a header is compared as it came, though it is stored hidden`() throws {
        let endpoint = try Refused.endpoint("telegram", secrets: ["right"], parameters: ["bot": "b"])
        let right = try Refused.request(of: endpoint, signedWith: "right", body: #"{"update_id":1}"#)
        #expect(!String(decoding: right.content.headers, as: UTF8.self).contains("right"))
        guard case .valid(let admission) = try Self.check(right, endpoint) else {
            Issue.record("not valid")
            return
        }
        #expect(admission.request.content.headers == right.content.headers, "what is stored has no token")
        let wrong = try Refused.request(of: endpoint, signedWith: "wrong", body: #"{"update_id":1}"#)
        guard case .refused(.signatureMismatch) = try Self.check(wrong, endpoint) else {
            Issue.record("not refused")
            return
        }
        // The text that stands in for a hidden value proves nothing, whatever the secret is.
        let literal = try Refused.endpoint("telegram", secrets: ["[secret]"], parameters: ["bot": "b"])
        guard case .refused = try Self.check(wrong, literal) else {
            Issue.record("the placeholder was taken for the token")
            return
        }
    }

    @Test func `a token in the body is masked before it is stored`() throws {
        let endpoint = try Refused.endpoint("google-ads-lead", secrets: ["the-google-key"])
        let body = #"{"lead_id":"l1","google_key":"the-google-key","form_id":1}"#
        let request = try Refused.request(of: endpoint, signedWith: "the-google-key", body: body)
        guard case .valid(let admission) = try Self.check(request, endpoint) else {
            Issue.record("not valid")
            return
        }
        let stored = String(decoding: admission.request.content.body, as: UTF8.self)
        #expect(stored == body.replacing("the-google-key", with: "**************"))
        #expect(admission.request.id == request.id)
    }

    @Test func `a handshake is nothing to deliver`() throws {
        let endpoint = try Refused.endpoint("slack", secrets: ["s"])
        let handshake = try Refused.request(
            of: endpoint,
            signedWith: "s",
            headers: [("Content-Type", "application/json")],
            body: #"{"type":"url_verification","challenge":"c"}"#
        )
        guard case .handshake = try Self.check(handshake, endpoint) else {
            Issue.record("not a handshake")
            return
        }
        let event = try Refused.request(
            of: endpoint,
            signedWith: "s",
            headers: [("Content-Type", "application/json")],
            body: #"{"type":"event_callback","event_id":"e","challenge":"c"}"#
        )
        guard case .valid = try Self.check(event, endpoint) else {
            Issue.record("not valid")
            return
        }
    }

    @Test func `every platform's request is proven from what is kept of it`() throws {
        var skipped: [String] = []
        for platform in try Refused.catalog.get().all {
            for scheme in platform.schemes where scheme.needsSecret && scheme.unsupportedAlgorithm == nil {
                let secret = scheme.makeSecret()
                let names = Set(platform.parameters.map(\.name)).union(scheme.parameterNames)
                let endpoint = try Refused.endpoint(
                    platform.name.text,
                    scheme: scheme.name.text,
                    secrets: [secret],
                    parameters: Dictionary(uniqueKeysWithValues: names.map { ($0, "p") })
                )
                guard let sample = BuiltInSamples.samples(of: platform.name).first?.request,
                    let request = try? Refused.request(
                        of: endpoint,
                        signedWith: secret,
                        headers: sample.headers,
                        body: String(decoding: sample.body, as: UTF8.self)
                    )
                else {
                    skipped.append("\(platform.name) \(scheme.name)")
                    continue
                }
                if case .refused(let failure) = try Self.check(request, endpoint) {
                    Issue.record("\(platform.name) \(scheme.name): \(failure)")
                }
            }
        }
        // No sample, or one that has no place for the signature.
        #expect(skipped == [])
    }

    @Test func `an endpoint that cannot verify is an error with its reason`() throws {
        let catalog = try Refused.catalog.get()
        let keyring = try OperationsDatabase.keyring()
        let cases: [(endpoint: EndpointRecord, error: ReverificationError)] = [
            (try Refused.endpoint("stripe", secrets: []), .unusableEndpoint(.noSigningSecret)),
            (try Refused.endpoint("myspace", secrets: ["s"]), .unknownPlatform("myspace")),
            (
                try Refused.endpoint("stripe", scheme: "golden", secrets: ["s"]),
                .unknownScheme(platform: "stripe", scheme: "golden")
            ),
        ]
        for each in cases {
            #expect(throws: each.error) {
                _ = try Reverification(of: each.endpoint, catalog: catalog, sealing: keyring)
            }
        }
    }

    @Test func `masking beyond the body changes nothing`() throws {
        let endpoint = try Refused.endpoint("stripe", secrets: ["s"])
        let request = try Refused.request(of: endpoint, signedWith: "s", body: "abc")
        #expect(request.masking([]) == request)
        #expect(request.masking([1..<4]) == request)
        #expect(request.masking([0..<1, 2..<3]).content.body == Array("*b*".utf8))
    }
}
