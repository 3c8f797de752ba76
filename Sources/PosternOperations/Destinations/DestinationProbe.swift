internal import PosternJSON
package import PosternModel
package import PosternOutbound
package import PosternStore

/// Sends a destination one test event, signed like any other, and gives its answer.
///
/// It goes out from the process that asks, once, and leaves nothing behind: no attempt, no counter, no dead letter.
package struct DestinationProbe: Sendable {
    /// The type of the test event.
    package static let eventType = "postern.test"

    private let client: OutboundClient

    /// Sends through `client`, which whoever made it shuts down.
    package init(_ client: OutboundClient) { self.client = client }

    /// Sends the test event to a destination of kind `http`, or a test alert to one of kind `alert`.
    ///
    /// - Parameters:
    ///   - destination: with its secrets opened.
    ///   - time: now.
    /// - Returns: what was sent, and the answer.
    /// - Throws: ``OutboundTargetError`` when there is nothing to send or no way to.
    package func send(
        to destination: DestinationRecord,
        at time: Timestamp
    ) async throws(OutboundTargetError) -> DestinationProbeAnswer {
        let target = try OutboundTarget(destination, at: time)
        let event = Self.event(for: destination, at: time)
        switch destination.kind {
        case .http:
            let message = OutboundMessage(event: event, attempt: 1, original: Self.original(event), isTest: true)
            return DestinationProbeAnswer(event: event.id, answer: await self.client.send(message, to: target))
        case .alert:
            let body = Self.alert(to: destination, at: time)
            let answer = await self.client.post(body, contentType: "application/json", to: target)
            return DestinationProbeAnswer(event: event.id, answer: answer)
        case .postgresNotify: throw .noRequest
        }
    }

    /// The test event: it comes from no endpoint, so that those identifiers are zero.
    static func event(for destination: DestinationRecord, at time: Timestamp) -> CloudEvent {
        let id = EventID.fresh(at: time)
        let none = UniqueID(high: 0, low: 0)
        var data = JSONWriter()
        data.beginObject()
        data.member("message", string: "A test event from Postern. Answer with a status of 200 to 299.")
        data.member("destination", string: destination.name)
        data.endObject()
        return CloudEvent(
            id: id,
            organization: destination.organization,
            endpoint: EndpointID(none),
            delivery: DeliveryID(none),
            platform: "postern",
            definitionVersion: 1,
            type: Self.eventType,
            source: "postern/test",
            subject: nil,
            account: nil,
            time: time,
            key: "test:\(id)",
            storedAt: time,
            data: data.bytes
        )
    }

    /// What a destination of the form `raw` gets: a request no platform sent, with the data as its body.
    private static func original(_ event: CloudEvent) -> OriginalRequest {
        OriginalRequest(headers: Array(":target: /test\ncontent-type: application/json\n".utf8), body: event.data)
    }

    private static func alert(to destination: DestinationRecord, at time: Timestamp) -> [UInt8] {
        let message = "A test alert from Postern: notifications for administrators will come here."
        var writer = JSONWriter()
        writer.beginObject()
        if destination.form == .slack {
            writer.member("text", string: message)
        } else {
            writer.member("kind", string: "test")
            writer.member("organization", string: destination.organization.description)
            writer.member("organization_name", string: destination.organizationName)
            writer.member("subject", string: "destination \(destination.id)")
            writer.member("hour", string: time.description)
            writer.member("count", integer: 1)
            writer.member("message", string: message)
            writer.member("created_at", string: time.description)
        }
        writer.endObject()
        return writer.bytes
    }
}
