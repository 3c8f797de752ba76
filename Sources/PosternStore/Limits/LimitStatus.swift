package import PosternModel

/// How an organization stands with its limits.
package struct LimitStatus: Sendable, Equatable {
    /// How one of its endpoints stands.
    package struct Endpoint: Sendable, Equatable {
        /// The endpoint, without secrets, with its own limit and quarantine if it has any.
        package let endpoint: EndpointRecord
        /// What is used up of its limit, as time until nothing is; `nil` if no gateway counted lately.
        package let debtMicroseconds: Int64?
        /// How many requests are in quarantine, expired ones included until they are deleted.
        package let quarantinedCount: Int64
        package let quarantinedBytes: Int64

        /// Joins the values.
        package init(
            endpoint: EndpointRecord,
            debtMicroseconds: Int64?,
            quarantinedCount: Int64,
            quarantinedBytes: Int64
        ) {
            self.endpoint = endpoint
            self.debtMicroseconds = debtMicroseconds
            self.quarantinedCount = quarantinedCount
            self.quarantinedBytes = quarantinedBytes
        }
    }

    package let organization: OrganizationID
    package let name: String
    package let tier: String
    /// What is in force: its own numbers where it has any, else the tier's.
    package let limit: ConfiguredLimit
    /// Whether some of the numbers are its own.
    package let hasOverride: Bool
    /// What is used up of the limit, as time until nothing is: the largest that any gateway knows of; `nil` if none
    /// counted lately.
    package let debtMicroseconds: Int64?
    /// How many gateways were seen in the last 10 seconds.
    package let gateways: Int64
    /// What they share limits through: `postgres`, `redis`, `local`.
    package let shares: [String]
    /// Requests of the last hour that were verified and committed.
    package let accepted: Int64
    /// Requests of the last hour that were refused, by the refusal's code.
    package let refused: [String: Int64]
    /// Requests of the last hour that a limit in shadow mode would have refused, by the refusal's code.
    package let shadowed: [String: Int64]
    /// Its endpoints, by platform and name.
    package let endpoints: [Endpoint]

    /// Joins the values.
    package init(
        organization: OrganizationID,
        name: String,
        tier: String,
        limit: ConfiguredLimit,
        hasOverride: Bool,
        debtMicroseconds: Int64?,
        gateways: Int64,
        shares: [String],
        accepted: Int64,
        refused: [String: Int64],
        shadowed: [String: Int64],
        endpoints: [Endpoint]
    ) {
        self.organization = organization
        self.name = name
        self.tier = tier
        self.limit = limit
        self.hasOverride = hasOverride
        self.debtMicroseconds = debtMicroseconds
        self.gateways = gateways
        self.shares = shares
        self.accepted = accepted
        self.refused = refused
        self.shadowed = shadowed
        self.endpoints = endpoints
    }
}
