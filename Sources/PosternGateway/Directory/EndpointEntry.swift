package import PosternHTTP
package import PosternModel
package import PosternPlatforms
package import PosternStore

/// An endpoint as the event loops use it: looked up once per request, then no string decides anything.
///
/// Immutable; shared by all loops.
package final class EndpointEntry: Sendable {
    /// What the entry was made from; an unchanged record keeps its entry, and so its keyed secrets.
    package let record: EndpointRecord
    package let id: EndpointID
    package let organization: OrganizationID
    package let lane: Lane
    package let isEnabled: Bool
    /// The platform's plans and prepared answers; `nil` when this gateway does not know the platform.
    package let platform: ServedPlatform?
    /// Checks requests; `nil` when the endpoint's scheme or secrets cannot be used.
    package let verifier: Verifier?
    /// What handshakes may use.
    package let handshakeSecrets: HandshakeSecrets?
    /// Header fields that carry a token: their values are not stored.
    package let secretHeaders: [String]
    /// Whether the last part of the path is a token: it is not stored.
    package let hasTokenInPath: Bool
    /// Its limits; `nil` when its organization could not be read.
    package let budgets: EndpointBudgets?
    /// The networks its sender may have; `nil` for all.
    package let allowedNetworks: NetworkSet?

    /// Compiles a record.
    package init(
        record: EndpointRecord,
        platform: ServedPlatform?,
        verifier: Verifier?,
        handshakeSecrets: HandshakeSecrets?,
        budgets: EndpointBudgets?
    ) {
        self.record = record
        self.id = record.id
        self.organization = record.organization
        self.lane = record.lane
        self.isEnabled = record.state == .enabled
        self.platform = platform
        self.verifier = verifier
        self.handshakeSecrets = handshakeSecrets
        self.secretHeaders = verifier?.secretHeaderNames ?? platform?.platform.secretHeaderNames ?? []
        self.hasTokenInPath = verifier?.hasTokenInPath ?? false
        self.budgets = budgets
        // A network that cannot be read lets nobody through; the table takes none.
        self.allowedNetworks = record.allowedNetworks.map { networks in
            NetworkSet(networks.compactMap { text in NetworkPrefix(text: text) })
        }
    }
}
