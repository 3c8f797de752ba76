package import PosternModel

/// A normalized event, ready to be stored unless its key is in the ledger.
package struct NewEvent: Sendable {
    package let lane: Lane
    package let id: EventID
    /// Who the event belongs to: the endpoint's organization, or the one its account is mapped to.
    package var organization: OrganizationID
    /// The endpoint's organization, in which the ledger knows the key, so that a changed mapping admits nothing twice.
    package let ledgerOrganization: OrganizationID
    package let endpoint: EndpointID
    package let delivery: DeliveryID
    package let platform: PlatformName
    package let definitionVersion: Int32
    /// CloudEvents `type`.
    package let type: String
    /// CloudEvents `source`.
    package let source: String
    /// CloudEvents `subject`.
    package let subject: String?
    /// The platform's identifier of the account the event is about.
    package let account: String?
    /// CloudEvents `time`.
    package let time: Timestamp?
    /// What makes the event known when it comes again.
    package let key: String
    /// The same as the ledger keeps it.
    package let ledgerKey: LedgerKey
    /// CloudEvents `data`: the sender's own JSON text, UTF-8.
    package let data: [UInt8]

    /// Joins the fields.
    package init(
        lane: Lane,
        id: EventID,
        organization: OrganizationID,
        ledgerOrganization: OrganizationID,
        endpoint: EndpointID,
        delivery: DeliveryID,
        platform: PlatformName,
        definitionVersion: Int32,
        type: String,
        source: String,
        subject: String?,
        account: String?,
        time: Timestamp?,
        key: String,
        ledgerKey: LedgerKey,
        data: [UInt8]
    ) {
        self.lane = lane
        self.id = id
        self.organization = organization
        self.ledgerOrganization = ledgerOrganization
        self.endpoint = endpoint
        self.delivery = delivery
        self.platform = platform
        self.definitionVersion = definitionVersion
        self.type = type
        self.source = source
        self.subject = subject
        self.account = account
        self.time = time
        self.key = key
        self.ledgerKey = ledgerKey
        self.data = data
    }
}
