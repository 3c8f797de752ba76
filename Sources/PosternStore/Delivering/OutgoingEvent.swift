package import PosternModel

/// An event with the destination it is meant for: all that another attempt needs, wherever it is kept.
package struct OutgoingEvent: Sendable, Equatable {
    package let lane: Lane
    package let destination: DestinationID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let delivery: DeliveryID
    /// The platform's name as stored.
    package let platform: String
    package let event: EventID
    /// The event's number in its lane.
    package let number: Int64
    /// Its CloudEvents attributes: JSON text in UTF-8.
    package let attributes: [UInt8]
    /// Empty, or those of the original request where the destination takes the original request.
    package let headers: [UInt8]
    /// The event's data, or the body of the original request.
    package let payload: [UInt8]

    /// Joins the fields.
    package init(
        lane: Lane,
        destination: DestinationID,
        organization: OrganizationID,
        endpoint: EndpointID,
        delivery: DeliveryID,
        platform: String,
        event: EventID,
        number: Int64,
        attributes: [UInt8],
        headers: [UInt8],
        payload: [UInt8]
    ) {
        self.lane = lane
        self.destination = destination
        self.organization = organization
        self.endpoint = endpoint
        self.delivery = delivery
        self.platform = platform
        self.event = event
        self.number = number
        self.attributes = attributes
        self.headers = headers
        self.payload = payload
    }

    /// How many bytes of foreign length it carries.
    package var byteCount: Int { self.attributes.count + self.headers.count + self.payload.count }
}
