package import PosternModel

/// Which events of an organization to list; every condition must hold.
package struct EventFilter: Sendable {
    package var platform: PlatformName?
    package var type: String?
    package var account: String?
    package var endpoint: EndpointID?
    /// Stored at this time or later; spares older days the look.
    package var since: Timestamp?

    /// Lists everything unless a condition is given.
    package init(
        platform: PlatformName? = nil,
        type: String? = nil,
        account: String? = nil,
        endpoint: EndpointID? = nil,
        since: Timestamp? = nil
    ) {
        self.platform = platform
        self.type = type
        self.account = account
        self.endpoint = endpoint
        self.since = since
    }
}
