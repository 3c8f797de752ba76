package import PosternModel

/// A destination to be made.
package struct NewDestination: Sendable {
    /// Whose events it gets.
    package var organization: OrganizationID
    /// 1 to 100 characters, unique among the organization's destinations.
    package var name: String
    package var kind: DestinationKind
    /// Where requests go; not of `postgres-notify`.
    package var url: String?
    /// Of `postgres-notify` only.
    package var channel: String?
    package var form: DestinationForm
    /// How long one attempt may take in all: 100 ms to 120 s.
    package var timeout: Duration
    /// How many attempts may be under way at once in one consumer: 1 to 1000.
    package var concurrency: Int
    /// How many attempts may begin in a second, 1 to 100,000; `nil` for as fast as it answers.
    package var ratePerSecond: Int?
    /// The waits before the second attempt, the third, and so on: at most 20, whole seconds up to a week.
    package var retryDelays: [Duration]
    /// Whether the events of one account are sent one at a time, in order.
    package var isOrdered: Bool
    /// Whether it may have a private address.
    package var allowsPrivate: Bool
    /// What signs its requests, stored sealed; not of `postgres-notify`, which has none.
    package var signing: Secret?
    /// Headers whose values are secret, stored sealed.
    package var headers: [(name: String, value: Secret)]
    /// None means everything.
    package var subscriptions: [NewSubscription]

    /// The waits nobody asked otherwise for: 1, 5 and 15 minutes, 1 and 2 hours.
    package static let defaultRetryDelays: [Duration] = [60, 300, 900, 3600, 7200].map { .seconds($0) }

    /// Describes a destination.
    package init(
        organization: OrganizationID,
        name: String,
        kind: DestinationKind = .http,
        url: String? = nil,
        channel: String? = nil,
        form: DestinationForm? = nil,
        timeout: Duration = .seconds(15),
        concurrency: Int = 8,
        ratePerSecond: Int? = nil,
        retryDelays: [Duration] = Self.defaultRetryDelays,
        isOrdered: Bool = false,
        allowsPrivate: Bool = false,
        signing: Secret? = nil,
        headers: [(name: String, value: Secret)] = [],
        subscriptions: [NewSubscription] = []
    ) {
        self.organization = organization
        self.name = name
        self.kind = kind
        self.url = url
        self.channel = channel
        self.form = form ?? .standard(of: kind)
        self.timeout = timeout
        self.concurrency = concurrency
        self.ratePerSecond = ratePerSecond
        self.retryDelays = retryDelays
        self.isOrdered = isOrdered
        self.allowsPrivate = allowsPrivate
        self.signing = signing
        self.headers = headers
        self.subscriptions = subscriptions
    }
}
