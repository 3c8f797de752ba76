/// Why an address is not one of the public internet.
package enum AddressClass: String, Sendable, CaseIterable {
    case loopback
    case `private`
    /// Between a provider and its customers (100.64.0.0/10).
    case shared
    case linkLocal = "link-local"
    /// Where a cloud tells a machine its credentials.
    case metadata
    case multicast
    case broadcast
    case unspecified
    case documentation
    case benchmarking
    case reserved

    /// Whether a destination that may reach private addresses may reach this one.
    ///
    /// The other classes have no servers of an organization's own; an operator who knows better lists the network.
    package var isPrivate: Bool {
        switch self {
        case .loopback, .private, .shared: true
        case .linkLocal, .metadata, .multicast, .broadcast, .unspecified, .documentation, .benchmarking, .reserved:
            false
        }
    }
}
