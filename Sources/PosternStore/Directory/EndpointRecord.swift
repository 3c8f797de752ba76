package import PosternModel

/// One endpoint as the processes know it: who it belongs to, what it checks, and with which secrets.
package struct EndpointRecord: Sendable, Equatable {
    /// Whether the endpoint takes requests.
    package enum State: String, Sendable, CaseIterable {
        case enabled
        case disabled
    }

    package let id: EndpointID
    package let organization: OrganizationID
    package let platform: PlatformName
    /// Which of the platform's signature schemes.
    package let scheme: String
    package let key: EndpointKey
    /// What the organization calls it.
    package let name: String
    package let lane: Lane
    package let state: State
    /// Values the platform definition asks for, by name.
    package let parameters: [String: String]
    /// How old a signed time may be; `nil` for what the platform definition says.
    package let toleranceSeconds: Int32?
    /// Whether its events belong to the organization their account is mapped to, and not to ``organization``.
    package let routesAccounts: Bool
    package let createdAt: Timestamp
    /// The active secrets, newest first; empty where the reader may not see secrets.
    package var secrets: [SecretRecord]

    /// Joins the values.
    package init(
        id: EndpointID,
        organization: OrganizationID,
        platform: PlatformName,
        scheme: String = "default",
        key: EndpointKey,
        name: String,
        lane: Lane,
        state: State = .enabled,
        parameters: [String: String] = [:],
        toleranceSeconds: Int32? = nil,
        routesAccounts: Bool = false,
        createdAt: Timestamp,
        secrets: [SecretRecord] = []
    ) {
        self.id = id
        self.organization = organization
        self.platform = platform
        self.scheme = scheme
        self.key = key
        self.name = name
        self.lane = lane
        self.state = state
        self.parameters = parameters
        self.toleranceSeconds = toleranceSeconds
        self.routesAccounts = routesAccounts
        self.createdAt = createdAt
        self.secrets = secrets
    }
}
