/// A limit that belongs to no organization: the word in `gateway_limits`.
package enum LimitScope: String, CaseIterable, Sendable {
    /// Each address requests come from, IPv6 by /64: requests that failed verification, or went to no endpoint.
    case address
    /// Each endpoint: requests that failed verification.
    case unverified
    /// Each endpoint without a limit of its own: verified requests.
    case endpoint
    /// All verified requests together.
    case global
}
