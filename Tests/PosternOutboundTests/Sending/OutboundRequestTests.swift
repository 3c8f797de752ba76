import NIOHTTP1
import PosternModel
import PosternOutbound
import Testing

@Suite struct OutboundRequestTests {
    private static let time = Timestamp(seconds: 1_795_219_200)

    private static func request(
        _ form: PayloadForm,
        _ event: CloudEvent = .sample(),
        original: OriginalRequest? = .sample,
        attempt: Int = 1,
        isTest: Bool = false,
        headers: [(name: String, value: Secret)] = [],
        signing: [SigningSecret] = []
    ) throws -> OutboundRequest {
        try OutboundRequest(
            OutboundMessage(event: event, attempt: attempt, original: original, isTest: isTest),
            to: try .sample(headers: headers, signing: signing, form: form),
            at: Self.time,
            userAgent: "Postern/1.2.3"
        )
    }

    private static func fields(_ request: OutboundRequest) -> [String: String] {
        Dictionary(request.headers.map { ($0.name, $0.value) }) { "\($0) AND \($1)" }
    }

    @Test func `is one document in the structured form`() throws {
        let request = try Self.request(.structured)
        #expect(request.body == CloudEvent.sample().structured())
        #expect(
            Self.fields(request) == [
                "user-agent": "Postern/1.2.3",
                "content-type": "application/cloudevents+json",
                "postern-attempt": "1",
                "webhook-id": CloudEvent.sample().id.description,
                "webhook-timestamp": "1795219200",
            ]
        )
    }

    @Test func `has the data as body and the attributes as fields in the binary form`() throws {
        let event = CloudEvent.sample(subject: "Jürgen 100%\r\nx: y", account: nil)
        let request = try Self.request(.binary, event)
        #expect(request.body == event.data)
        #expect(
            Self.fields(request) == [
                "user-agent": "Postern/1.2.3",
                "content-type": "application/json",
                "ce-specversion": "1.0",
                "ce-id": event.id.description,
                "ce-source": "/meta/whatsapp/1029",
                "ce-type": "meta.whatsapp.message",
                "ce-subject": "J%C3%BCrgen%20100%25%0D%0Ax:%20y",
                "ce-time": "2026-11-20T23:59:58.123Z",
                "ce-recordedtime": "2026-11-21T00:00:00.123456Z",
                "ce-posternorganization": event.organization.description,
                "ce-posternendpoint": event.endpoint.description,
                "ce-posterndelivery": event.delivery.description,
                "ce-posternplatform": "meta",
                "ce-posterndefinition": "3",
                "ce-posternkey": "message:wamid.HBgL",
                "postern-attempt": "1",
                "webhook-id": event.id.description,
                "webhook-timestamp": "1795219200",
            ]
        )
    }

    @Test func `is the platform's own request in the raw form, without what is not for others`() throws {
        let request = try Self.request(.raw)
        let event = CloudEvent.sample()
        #expect(request.body == OriginalRequest.sample.body)
        #expect(
            Self.fields(request) == [
                "user-agent": "Postern/1.2.3",
                "content-type": "application/json; charset=utf-8",
                "x-hub-signature-256": "sha256=00ff",
                "ce-id": "their-event",
                "postern-organization": event.organization.description,
                "postern-endpoint": event.endpoint.description,
                "postern-delivery": event.delivery.description,
                "postern-platform": "meta",
                "postern-attempt": "1",
                "webhook-id": event.id.description,
                "webhook-timestamp": "1795219200",
            ]
        )
    }

    @Test func `cannot be raw when the platform's request is gone`() {
        #expect(throws: OutboundFailure.bodyGone) { try Self.request(.raw, original: nil) }
    }

    @Test func `has the same identifier on every attempt, and says which attempt it is`() throws {
        let first = try Self.request(.structured, attempt: 1).headers
        let third = try Self.request(.structured, attempt: 3, isTest: true).headers
        #expect(first["webhook-id"] == third["webhook-id"])
        #expect(third["postern-attempt"] == ["3"])
        #expect(third["postern-test"] == ["true"])
        #expect(first["postern-test"] == [])
    }

    @Test(arguments: PayloadForm.allCases)
    func `is signed over the very bytes of its body`(form: PayloadForm) throws {
        let secrets = [SigningSecret.generate(), .generate()]
        let request = try Self.request(form, signing: secrets)
        let signature = MessageSignature(
            id: CloudEvent.sample().id.description,
            at: Self.time,
            body: request.body,
            secrets: secrets
        )
        #expect(request.headers["webhook-signature"] == [try #require(signature.signature)])
    }

    @Test func `carries the destination's own fields, which replace nothing that is Postern's`() throws {
        let own = [
            ("Authorization", "Bearer 1"), ("User-Agent", "mine"), ("X-Hub-Signature-256", "replaced"),
            ("Webhook-Id", "evil"), ("webhook-signature", "evil"), ("Content-Type", "evil"), ("Host", "evil"),
            ("content-length", "1"), ("ce-type", "evil"), ("bad name", "evil"), ("x-split", "evil\r\nx: y"),
            ("transfer-encoding", "chunked"), ("postern-attempt", "9"),
        ].map { (name: $0.0, value: Secret($0.1)) }
        for form in PayloadForm.allCases {
            let headers = try Self.request(form, headers: own, signing: [.generate()]).headers
            #expect(headers["authorization"] == ["Bearer 1"])
            #expect(headers["user-agent"] == ["mine"])
            #expect(headers["x-hub-signature-256"] == ["replaced"])
            #expect(headers["webhook-id"] == [CloudEvent.sample().id.description])
            #expect(headers["webhook-signature"].count == 1)
            #expect(headers["postern-attempt"] == ["1"])
            #expect(headers["content-type"].count == 1)
            #expect(!headers.contains { $0.value.contains("evil") || $0.value == "chunked" })
        }
    }

    @Test func `wraps any body under an identifier of its own`() throws {
        let target = try OutboundTarget.sample(signing: [.generate()])
        func make() -> HTTPHeaders {
            OutboundRequest(
                body: [1, 2],
                contentType: "application/json",
                to: target,
                at: Self.time,
                userAgent: "Postern/1.2.3"
            ).headers
        }
        #expect(make()["content-type"] == ["application/json"])
        #expect(make()["webhook-signature"].count == 1)
        #expect(make()["webhook-id"] != make()["webhook-id"])
    }
}
