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
}
