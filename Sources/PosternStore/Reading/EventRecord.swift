package import PosternModel

/// One normalized event as stored.
package struct EventRecord: Sendable, Equatable {
    package let id: EventID
    package let lane: Lane
    /// Its place in the lane, from 1.
    package let number: Int64
    package let storedAt: Timestamp
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let delivery: DeliveryID
    package let platform: String
    /// Which version of the platform definition made it.
    package let definitionVersion: Int32
    package let type: String
    package let source: String
    package let subject: String?
    package let account: String?
    /// When it happened, as the platform says.
    package let time: Timestamp?
    package let key: String
    /// JSON text in UTF-8, as the platform sent it.
    package let data: [UInt8]

    /// Joins the fields.
    package init(
        id: EventID,
        lane: Lane,
        number: Int64,
        storedAt: Timestamp,
        organization: OrganizationID,
        endpoint: EndpointID,
        delivery: DeliveryID,
        platform: String,
        definitionVersion: Int32,
        type: String,
        source: String,
        subject: String?,
        account: String?,
        time: Timestamp?,
        key: String,
        data: [UInt8]
    ) {
        self.id = id
        self.lane = lane
        self.number = number
        self.storedAt = storedAt
        self.organization = organization
        self.endpoint = endpoint
        self.delivery = delivery
        self.platform = platform
        self.definitionVersion = definitionVersion
        self.type = type
        self.source = source
        self.subject = subject
        self.account = account
        self.time = time
        self.key = key
        self.data = data
    }
}
