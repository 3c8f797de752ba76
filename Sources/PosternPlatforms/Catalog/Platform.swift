package import PosternModel

/// One platform: its definition, compiled into plans that run without looking anything up by name.
///
/// Immutable; any thread may use it at any time.
package final class Platform: Sendable {
    /// Its folder under `Platforms`, and its word in URLs, logs and metrics.
    package let name: PlatformName
    /// Goes up with every change of meaning; stored with each event.
    package let version: Int
    /// Its name for people.
    package let title: String
    /// Where the platform documents its webhooks.
    package let documentation: String
    /// How well the definition is known to be right.
    package let confidence: Confidence
    /// How its bodies are read.
    package let bodyReader: BodyReader
    /// The largest body that is taken.
    package let bodyLimitBytes: Int
    /// The settings an endpoint may carry.
    package let parameters: [EndpointParameter]
    /// The kinds of secrets an endpoint may hold; ``SecretKind/signing`` among them when any scheme needs it.
    package let secretKinds: [SecretKind]
    /// The ways of proving who sent a request, in the order of the definition.
    package let schemes: [SignatureScheme]
    /// How it finds out whether a URL is meant for it.
    package let handshakes: HandshakePlan
    /// The sender's id of a delivery: the first of these that can be filled in.
    package let deliveryIDs: [Template]
    /// Whether finding the sender's delivery id needs the body.
    package let deliveryIDReadsBody: Bool
    /// How a delivery becomes events.
    package let events: EventPlan
    /// What its sender does.
    package let sender: SenderFacts
    /// The headers its plans read.
    let headers: HeaderTable
    /// The slot of `Content-Type`.
    let contentType: HeaderSlot

    /// Joins the compiled parts; the work of ``init(definition:)``.
    init(
        identity: Identity,
        bodyReader: BodyReader,
        bodyLimitBytes: Int,
        parameters: [EndpointParameter],
        secretKinds: [SecretKind],
        schemes: [SignatureScheme],
        handshakes: HandshakePlan,
        deliveryIDs: [Template],
        events: EventPlan,
        sender: SenderFacts,
        headers: HeaderTable,
        contentType: HeaderSlot
    ) {
        self.name = identity.name
        self.version = identity.version
        self.title = identity.title
        self.documentation = identity.documentation
        self.confidence = identity.confidence
        self.bodyReader = bodyReader
        self.bodyLimitBytes = bodyLimitBytes
        self.parameters = parameters
        self.secretKinds = secretKinds
        self.schemes = schemes
        self.handshakes = handshakes
        self.deliveryIDs = deliveryIDs
        self.deliveryIDReadsBody = deliveryIDs.contains(where: \.needsBody)
        self.events = events
        self.sender = sender
        self.headers = headers
        self.contentType = contentType
    }

    /// What a definition says about itself.
    struct Identity {
        let name: PlatformName
        let version: Int
        let title: String
        let documentation: String
        let confidence: Confidence
    }

    /// The first scheme of the definition, unless an endpoint must choose it in so many words.
    package var defaultScheme: SignatureScheme? { self.schemes.first.flatMap { $0.isOptIn ? nil : $0 } }

    /// The scheme of that name.
    package func scheme(named name: SchemeName) -> SignatureScheme? { self.schemes.first { $0.name == name } }

    /// The sender's id of a delivery, if it sends one.
    ///
    /// The body must be the whole one where ``deliveryIDReadsBody``; otherwise it is not looked at.
    package func deliveryID(for facts: RequestFacts, body: [UInt8] = []) -> String? {
        guard !self.deliveryIDs.isEmpty else { return nil }
        let source = RequestSource(facts)
        let scope = self.deliveryIDReadsBody ? source.scope(self, body: body) : ReferenceScope(source: source)
        for template in self.deliveryIDs {
            if let text = template.text(in: scope), !text.isEmpty { return text }
        }
        return nil
    }
}
