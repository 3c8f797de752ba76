package import PosternModel
package import PosternStore

/// What became of the events that one destination has passed, all lanes together.
package struct DestinationBalance: Sendable, Equatable {
    package let destination: DestinationID
    package let organization: OrganizationID
    /// The destination's name within its organization.
    package let name: String
    /// Events it has passed, as its cursors counted.
    package private(set) var events: Int64 = 0
    /// Delivered, at the first attempt or later.
    package private(set) var delivered: Int64 = 0
    /// Stored and not passed yet.
    package private(set) var inFlight: Int64 = 0
    /// In the retry queue.
    package private(set) var retrying: Int64 = 0
    /// Became dead letters, whatever became of those.
    package private(set) var deadLettered: Int64 = 0
    /// Of its dead letters: discarded.
    package private(set) var discarded: Int64 = 0
    /// Passed over: no subscription wants them.
    package private(set) var unsubscribed: Int64 = 0

    /// Starts with the books of one lane.
    package init(_ account: DestinationAccount) {
        self.destination = account.destination
        self.organization = account.organization
        self.name = account.name
        self.add(account)
    }

    /// Adds the books of a lane.
    package mutating func add(_ account: DestinationAccount) {
        self.events += account.delivered + account.handed + account.buried + account.unsubscribed
        self.delivered += account.delivered + account.recovered
        self.inFlight += account.ahead
        self.retrying += account.waiting
        self.deadLettered += account.buried + account.exhausted
        self.discarded += account.discardedLetters
        self.unsubscribed += account.unsubscribed
    }
}
