package import PosternCrypto
package import PosternModel
internal import PosternPostgres

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

    /// Computes the ledger's form of a key that a delivery's content gives.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when libcrypto has no SHA-256.
    package init(of content: DeliveryContent, account: String?, key: String) throws(CryptoError) {
        try self.init(
            lane: content.lane,
            organization: content.organization,
            endpoint: content.endpoint,
            account: account,
            key: key
        )
    }

    /// Computes the ledger's form of a key.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when libcrypto has no SHA-256.
    package init(
        lane: Lane,
        organization: OrganizationID,
        endpoint: EndpointID,
        account: String?,
        key: String
    ) throws(CryptoError) {
        self.lane = lane
        self.organization = organization
        self.endpoint = endpoint
        self.account = account ?? ""
        self.key = key
        self.ledgerKey = try LedgerKey(endpoint: endpoint, account: account, key: key)
    }
}

extension ParameterBuffer {
    /// Appends what the ledger finds keys by: their lanes, organizations and forms, an array each.
    mutating func append(_ keys: [AccountedKey]) {
        self.append(keys.map(\.lane.number))
        self.append(keys.map(\.organization))
        self.append(keys.map(\.ledgerKey.id))
    }
}
