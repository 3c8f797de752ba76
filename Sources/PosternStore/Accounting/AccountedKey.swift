package import PosternCrypto
package import PosternModel

/// The key of an event that a delivery holds.
package struct AccountedKey: Sendable, Hashable {
    package let lane: Lane
    /// The endpoint's organization, in which the ledger knows the key.
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The platform's identifier of the account, empty for none.
    package let account: String
    package let key: String
    /// The same as the ledger keeps it.
    package let ledgerKey: LedgerKey

    /// Computes the ledger's form of a key.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when libcrypto has no SHA-256.
    package init(of content: DeliveryContent, account: String?, key: String) throws(CryptoError) {
        self.lane = content.lane
        self.organization = content.organization
        self.endpoint = content.endpoint
        self.account = account ?? ""
        self.key = key
        self.ledgerKey = try LedgerKey(endpoint: content.endpoint, account: account, key: key)
    }
}
