/// Which limit a request met: one case for each, in the order in which a request meets them.
package enum LimitTier: UInt8, CaseIterable, Sendable {
    /// By the sender's address: requests that were not verified.
    case address
    /// By endpoint: requests that failed verification.
    case unverified
    /// All verified requests of this gateway.
    case global
    /// By endpoint: verified requests.
    case endpoint
    /// By organization, as its tier allows: verified requests.
    case organization

    /// The word of the metric label, and the policy's name in `RateLimit` fields.
    package var name: String {
        switch self {
        case .address: "address"
        case .unverified: "unverified"
        case .global: "global"
        case .endpoint: "endpoint"
        case .organization: "organization"
        }
    }

    /// The rejection that says it.
    package var rejection: Rejection {
        switch self {
        case .address: .addressLimited
        case .unverified: .unverifiedLimited
        case .global: .globalLimited
        case .endpoint: .endpointLimited
        case .organization: .organizationLimited
        }
    }
}
