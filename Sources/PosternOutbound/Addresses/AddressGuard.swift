package import PosternHTTP

/// Decides which addresses requests may go to.
package struct AddressGuard: Sendable {
    private let allowed: NetworkSet

    /// Allows the public internet, and networks that the operator lists.
    package init(allowedNetworks: NetworkSet = NetworkSet()) { self.allowed = allowedNetworks }

    /// Why a request must not go to an address; `nil` when it may.
    ///
    /// `allowsPrivate`: whether the destination may reach loopback, private and shared addresses.
    package func refusal(of address: PeerAddress, allowsPrivate: Bool) -> AddressClass? {
        guard let found = AddressClass(address) else { return nil }
        return (allowsPrivate && found.isPrivate) || self.allowed.contains(address) ? nil : found
    }

    /// The first address that is refused, and why: of a name's addresses, one is enough.
    package func refusal(
        among addresses: [PeerAddress],
        allowsPrivate: Bool
    ) -> (address: PeerAddress, because: AddressClass)? {
        for address in addresses {
            guard let found = self.refusal(of: address, allowsPrivate: allowsPrivate) else { continue }
            return (address, found)
        }
        return nil
    }
}
