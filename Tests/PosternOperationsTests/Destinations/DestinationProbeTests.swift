import Logging
import PosternCrypto
import PosternJSON
import PosternModel
import PosternOperations
import PosternOutbound
import PosternStore
import PosternTesting
import Testing

@Suite struct DestinationProbeTests {
    private static let newest = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let older = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

    private static func secret(_ text: String, name: String? = nil, expiresAt: Timestamp? = nil) -> DestinationSecret {
        DestinationSecret(
            id: .fresh(at: .now()),
            name: name,
            secret: Secret(text),
            createdAt: .now(),
            expiresAt: expiresAt
        )
    }

    private static func destination(
        _ url: String?,
        kind: DestinationKind = .http,
        form: DestinationForm = .structured,
        signing: [DestinationSecret] = [Self.secret(Self.newest), Self.secret(Self.older)],
        headers: [DestinationSecret] = [],
        allowsPrivate: Bool = true
    ) -> DestinationRecord {
        DestinationRecord(
            id: .fresh(at: .now()),
            organization: .fresh(at: .now()),
            organizationName: "acme",
            name: "shop",
            kind: kind,
            url: url,
            channel: kind == .postgresNotify ? "c" : nil,
            form: form,
            timeout: .seconds(20),
            allowsPrivate: allowsPrivate,
            signing: signing,
            headers: headers,
            createdAt: .now(),
            updatedAt: .now()
        )
    }

    private static func send(_ destination: DestinationRecord) async throws -> DestinationProbeAnswer {
        let client = OutboundClient(
            OutboundConfiguration(userAgent: "Postern/test"),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let outcome: Result<DestinationProbeAnswer, OutboundTargetError>
        do throws(OutboundTargetError) {
            outcome = .success(try await DestinationProbe(client).send(to: destination, at: .now()))
        } catch {
            outcome = .failure(error)
        }
        await client.shutdown()
        return try outcome.get()
    }

    /// The signature of a request by one secret, computed here.
    private static func signature(of request: FakeDestination.Request, by secret: String) throws -> String {
        let signing = try #require(SigningSecret(secret))
        let time = try #require(request.header("webhook-timestamp"))
        let message = Array("\(request.id).\(time).".utf8) + request.body
        return "v1,\(signing.key.authenticate(message.span).base64)"
    }

    @Test(.timeLimit(.minutes(5)))
    func `sends a test event with both signatures and the headers, and gives the answer`() async throws {
        try await FakeDestination.with(reply: { _ in .status(202, body: "welcome") }) { fake in
            let destination = Self.destination(
                fake.url,
                headers: [Self.secret("Bearer one", name: "Authorization")]
            )
            let probe = try await Self.send(destination)
            #expect(probe.isDelivered && probe.verdict == .delivered)
            #expect(probe.answer.result == .answered(status: 202) && probe.answer.text == "welcome")
            let request = try #require(fake.requests.first)
            #expect(fake.count == 1 && request.id == probe.event.description)
            #expect(request.header("authorization") == "Bearer one")
            #expect(request.header("postern-test") != nil)
            let signatures = try #require(request.header("webhook-signature")).split(separator: " ").map(String.init)
            #expect(
                signatures == [
                    try Self.signature(of: request, by: Self.newest), try Self.signature(of: request, by: Self.older),
                ]
            )
            let event = try JSONDocument(bytes: request.body).root
            #expect(event.member("type")?.text == "postern.test")
            #expect(event.member("id")?.text == probe.event.description)
            #expect(event.member("posternorganization")?.text == destination.organization.description)
            #expect(event.member("data")?.member("destination")?.text == "shop")
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [DestinationForm.binary, .raw])
    func `sends the data as the body in the other forms`(form: DestinationForm) async throws {
        try await FakeDestination.with { fake in
            #expect(try await Self.send(Self.destination(fake.url, form: form)).isDelivered)
            let request = try #require(fake.requests.first)
            let data = try JSONDocument(bytes: request.body).root
            #expect(data.member("destination")?.text == "shop")
            #expect((request.header("ce-type") == "postern.test") == (form == .binary))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `signs with the secrets that are active, and sends active headers only`() async throws {
        try await FakeDestination.with { fake in
            let over = Timestamp.now().advanced(by: .seconds(-1))
            let destination = Self.destination(
                fake.url,
                signing: [Self.secret(Self.newest), Self.secret(Self.older, expiresAt: over)],
                headers: [Self.secret("old", name: "X-Old", expiresAt: over)]
            )
            #expect(try await Self.send(destination).isDelivered)
            let request = try #require(fake.requests.first)
            #expect(request.header("webhook-signature") == (try Self.signature(of: request, by: Self.newest)))
            #expect(request.header("x-old") == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `tells what an event would have met with`() async throws {
        for (status, verdict) in [
            (503, AttemptVerdict.transient(reason: "http_5xx")), (404, .permanent(reason: "http_4xx")), (410, .gone),
        ] {
            try await FakeDestination.with(reply: { _ in .status(status) }) { fake in
                let probe = try await Self.send(Self.destination(fake.url))
                #expect(!probe.isDelivered && probe.verdict == verdict)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [DestinationForm.json, .slack])
    func `sends alerts in their form`(form: DestinationForm) async throws {
        try await FakeDestination.with { fake in
            #expect(try await Self.send(Self.destination(fake.url, kind: .alert, form: form)).isDelivered)
            let alert = try JSONDocument(bytes: try #require(fake.requests.first).body).root
            let text = alert.member(form == .slack ? "text" : "message")?.text
            #expect(try #require(text).hasPrefix("A test alert from Postern"))
            #expect((alert.member("kind")?.text == "test") == (form == .json))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `sends an alert unsigned when its secret is lost`() async throws {
        try await FakeDestination.with { fake in
            let answer = try await Self.send(Self.destination(fake.url, kind: .alert, form: .json, signing: []))
            #expect(answer.isDelivered)
            #expect(try #require(fake.requests.first).header("webhook-signature") == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `goes to no private address that was not allowed`() async throws {
        try await FakeDestination.with { fake in
            let probe = try await Self.send(Self.destination(fake.url, allowsPrivate: false))
            #expect(probe.verdict == .permanent(reason: OutboundFailure.refusedAddress.rawValue))
            #expect(fake.count == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `sends nothing unsigned, nowhere, or to what takes no requests`() async throws {
        let over = Timestamp.now().advanced(by: .seconds(-1))
        let broken = Self.secret("broken")
        for (destination, error) in [
            (Self.destination("http://127.0.0.1:9/", signing: []), OutboundTargetError.unsigned),
            (Self.destination("http://127.0.0.1:9/", signing: [Self.secret(Self.newest, expiresAt: over)]), .unsigned),
            (Self.destination("http://127.0.0.1:9/", signing: [broken]), .badSigningSecret(broken.id)),
            (Self.destination(nil, kind: .postgresNotify), .noRequest),
            (Self.destination("http://127.0.0.1:9/", form: .slack), .badForm("slack")),
        ] {
            await #expect(throws: error) { try await Self.send(destination) }
        }
        await #expect(throws: OutboundTargetError.self) { try await Self.send(Self.destination("gopher://x/")) }
    }
}
