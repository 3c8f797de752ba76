package import PosternModel

/// One place where an organization's events go, as consumers and people know it.
package struct DestinationRecord: Sendable, Equatable {
    package let id: DestinationID
    package let organization: OrganizationID
    package let organizationName: String
    /// What the organization calls it; unique among those that are not deleted.
    package let name: String
    package let kind: DestinationKind
    package let state: DestinationState
    /// Why it is disabled, where a process and not a person did that.
    package let stateReason: String?
    /// Where requests go; `nil` for `postgres-notify`.
    package let url: String?
    /// The channel of `postgres-notify`; `nil` for the other kinds.
    package let channel: String?
    package let form: DestinationForm
    /// How long one attempt may take in all.
    package let timeout: Duration
    /// How many attempts may be under way at once in one consumer.
    package let concurrency: Int
    /// How many attempts may begin in a second; `nil` for as fast as it answers.
    package let ratePerSecond: Int?
    /// The waits before the second attempt, the third, and so on; after the last the event is a dead letter.
    package let retryDelays: [Duration]
    /// Whether the events of one account are sent one at a time, in order.
    package let isOrdered: Bool
    /// Whether it may have a private address.
    package let allowsPrivate: Bool
    package let circuit: CircuitRecord
    /// In the order of their making; none means everything.
    package var subscriptions: [SubscriptionRecord]
    /// The active signing secrets, newest first; empty where the reader may not see secrets.
    package var signing: [DestinationSecret]
    /// The active secret headers, newest first; empty where the reader may not see secrets.
    package var headers: [DestinationSecret]
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    /// Joins the values.
    package init(
        id: DestinationID,
        organization: OrganizationID,
        organizationName: String,
        name: String,
        kind: DestinationKind,
        state: DestinationState = .enabled,
        stateReason: String? = nil,
        url: String? = nil,
        channel: String? = nil,
        form: DestinationForm = .structured,
        timeout: Duration = .seconds(15),
        concurrency: Int = 8,
        ratePerSecond: Int? = nil,
        retryDelays: [Duration] = [60, 300, 900, 3600, 7200].map { .seconds($0) },
        isOrdered: Bool = false,
        allowsPrivate: Bool = false,
        circuit: CircuitRecord = .closed,
        subscriptions: [SubscriptionRecord] = [],
        signing: [DestinationSecret] = [],
        headers: [DestinationSecret] = [],
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.organizationName = organizationName
        self.name = name
        self.kind = kind
        self.state = state
        self.stateReason = stateReason
        self.url = url
        self.channel = channel
        self.form = form
        self.timeout = timeout
        self.concurrency = concurrency
        self.ratePerSecond = ratePerSecond
        self.retryDelays = retryDelays
        self.isOrdered = isOrdered
        self.allowsPrivate = allowsPrivate
        self.circuit = circuit
        self.subscriptions = subscriptions
        self.signing = signing
        self.headers = headers
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
