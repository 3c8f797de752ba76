package import PosternModel

/// Which deliveries are normalized again: those whose events one version of a definition made in a span of time.
package struct RenormalizationScope: Sendable, Equatable {
    /// Whose; `nil` for all.
    package var organization: OrganizationID?
    package var platform: String
    /// The version that made the events.
    package var definitionVersion: Int32
    package var endpoint: EndpointID?
    /// The events were stored at this time or later.
    package var since: Timestamp
    /// The events were stored before this time.
    package var until: Timestamp

    /// Joins the conditions.
    package init(
        organization: OrganizationID? = nil,
        platform: String,
        definitionVersion: Int32,
        endpoint: EndpointID? = nil,
        since: Timestamp,
        until: Timestamp
    ) {
        self.organization = organization
        self.platform = platform
        self.definitionVersion = definitionVersion
        self.endpoint = endpoint
        self.since = since
        self.until = until
    }
}
