package import PosternModel

/// What a delivery holds and whose it is: all that normalizing it needs, wherever it is kept.
package struct DeliveryContent: Sendable {
    package let lane: Lane
    package let id: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The platform's name as stored; may be one that this program does not know.
    package let platform: String
    /// The same, if it can be a platform's name at all.
    package let platformName: PlatformName?
    /// `name: value` lines, the first of them `:target: /path?query`.
    package let headers: [UInt8]
    /// The exact bytes that were posted.
    package let body: [UInt8]

    /// Joins the fields.
    package init(
        lane: Lane,
        id: DeliveryID,
        organization: OrganizationID,
        endpoint: EndpointID,
        platform: String,
        headers: [UInt8],
        body: [UInt8]
    ) {
        self.init(
            lane: lane,
            id: id,
            organization: organization,
            endpoint: endpoint,
            platform: (platform, PlatformName(platform)),
            headers: headers,
            body: body
        )
    }

    /// The same with another body.
    func with(body: [UInt8]) -> DeliveryContent {
        DeliveryContent(
            lane: self.lane,
            id: self.id,
            organization: self.organization,
            endpoint: self.endpoint,
            platform: (self.platform, self.platformName),
            headers: self.headers,
            body: body
        )
    }

    /// Joins the fields, with a name that was read before.
    init(
        lane: Lane,
        id: DeliveryID,
        organization: OrganizationID,
        endpoint: EndpointID,
        platform: (text: String, name: PlatformName?),
        headers: [UInt8],
        body: [UInt8]
    ) {
        self.lane = lane
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.platform = platform.text
        self.platformName = platform.name
        self.headers = headers
        self.body = body
    }
}
