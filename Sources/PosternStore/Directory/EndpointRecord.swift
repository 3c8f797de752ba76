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
    /// Verified requests a minute; `nil` for what the scope ``LimitScope/endpoint`` says.
    package let requestsPerMinute: Int32?
    /// How many may come at once; `nil` for ``requestsPerMinute``, without which it means nothing.
    package let burst: Int32?
    /// The networks requests may come from, as `192.0.2.0/24` or `2001:db8::/32`; `nil` for all.
    package let allowedNetworks: [String]?
    /// How many bytes of requests that failed verification are kept; `nil` for none.
    package let quarantineBytes: Int32?
    /// How long each of them is kept.
    package let quarantineHours: Int32
    package let createdAt: Timestamp
    /// The active secrets, newest first; empty where the reader may not see secrets.
    package var secrets: [SecretRecord]

    /// How long requests are quarantined when nobody asks otherwise.
    package static let defaultQuarantineHours: Int32 = 24

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
        requestsPerMinute: Int32? = nil,
        burst: Int32? = nil,
        allowedNetworks: [String]? = nil,
        quarantineBytes: Int32? = nil,
        quarantineHours: Int32 = Self.defaultQuarantineHours,
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
        self.requestsPerMinute = requestsPerMinute
        self.burst = burst
        self.allowedNetworks = allowedNetworks
        self.quarantineBytes = quarantineBytes
        self.quarantineHours = quarantineHours
        self.createdAt = createdAt
        self.secrets = secrets
    }
}
