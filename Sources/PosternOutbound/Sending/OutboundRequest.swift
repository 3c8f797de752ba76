package import NIOHTTP1
package import PosternModel

/// The fields and the body of one request, signed.
package struct OutboundRequest: Sendable {
    /// All fields but those that say where the request goes and how long it is.
    package private(set) var headers: HTTPHeaders
    /// The body.
    package let body: [UInt8]

    /// Writes an event in the form its destination wants.
    ///
    /// - Throws: ``OutboundFailure/bodyGone`` when that is ``PayloadForm/raw`` and the message has no original.
    package init(
        _ message: OutboundMessage,
        to target: OutboundTarget,
        at time: Timestamp,
        userAgent: String
    ) throws(OutboundFailure) {
        let event = message.event
        var headers = HTTPHeaders()
        headers.reserveCapacity(32)
        headers.add(name: "user-agent", value: userAgent)
        switch target.form {
        case .structured:
            self.body = event.structured()
            headers.add(name: "content-type", value: CloudEvent.structuredContentType)
        case .binary:
            self.body = event.data
            headers.add(name: "content-type", value: CloudEvent.dataContentType)
            event.eachHeader { headers.add(name: $0, value: $1) }
        case .raw:
            guard let original = message.original else { throw .bodyGone }
            self.body = original.body
            original.eachForwardedField { headers.add(name: $0, value: $1) }
            headers.add(name: "postern-organization", value: event.organization.description)
            headers.add(name: "postern-endpoint", value: event.endpoint.description)
            headers.add(name: "postern-delivery", value: event.delivery.description)
            headers.add(name: "postern-platform", value: CloudEvent.headerValue(event.platform))
        }
        headers.add(name: "postern-attempt", value: String(message.attempt))
        if message.isTest { headers.add(name: "postern-test", value: "true") }
        self.headers = headers
        self.finish(id: event.id.description, target, at: time)
    }

    /// Wraps a body of the caller's, under an identifier of its own.
    package init(
        body: [UInt8],
        contentType: String,
        to target: OutboundTarget,
        at time: Timestamp,
        userAgent: String
    ) {
        self.body = body
        self.headers = ["user-agent": userAgent, "content-type": contentType]
        self.finish(id: UniqueID.timeOrdered(at: time).description, target, at: time)
    }

    /// Adds the destination's own fields, then the signature, which nothing may replace.
    private mutating func finish(id: String, _ target: OutboundTarget, at time: Timestamp) {
        for header in target.headers where CustomHeader.isAllowed(name: header.name, value: header.value) {
            self.headers.replaceOrAdd(
                name: header.name,
                value: String(decoding: header.value.bytes, as: UTF8.self)
            )
        }
        let signature = MessageSignature(id: id, at: time, body: self.body, secrets: target.signing)
        self.headers.add(name: "webhook-id", value: signature.id)
        self.headers.add(name: "webhook-timestamp", value: signature.timestamp)
        if let signatures = signature.signature { self.headers.add(name: "webhook-signature", value: signatures) }
    }
}
