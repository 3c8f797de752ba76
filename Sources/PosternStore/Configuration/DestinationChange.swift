/// What is to be changed of a destination; the rest stays as it is.
package struct DestinationChange: Sendable, Equatable {
    /// A change of how fast it gets events.
    package enum Rate: Sendable, Equatable {
        case unchanged
        /// As fast as it answers.
        case unlimited
        /// So many attempts a second at most, 1 to 100,000.
        case perSecond(Int)
    }

    package var name: String?
    /// A new one closes an open circuit: what failed was the old one.
    package var url: String?
    package var channel: String?
    package var form: DestinationForm?
    package var timeout: Duration?
    package var concurrency: Int?
    package var rate: Rate
    package var retryDelays: [Duration]?
    package var isOrdered: Bool?
    package var allowsPrivate: Bool?

    /// Joins the changes.
    package init(
        name: String? = nil,
        url: String? = nil,
        channel: String? = nil,
        form: DestinationForm? = nil,
        timeout: Duration? = nil,
        concurrency: Int? = nil,
        rate: Rate = .unchanged,
        retryDelays: [Duration]? = nil,
        isOrdered: Bool? = nil,
        allowsPrivate: Bool? = nil
    ) {
        self.name = name
        self.url = url
        self.channel = channel
        self.form = form
        self.timeout = timeout
        self.concurrency = concurrency
        self.rate = rate
        self.retryDelays = retryDelays
        self.isOrdered = isOrdered
        self.allowsPrivate = allowsPrivate
    }

    /// Whether it says anything.
    package var isEmpty: Bool { self == DestinationChange() }
}
