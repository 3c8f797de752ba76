package import PosternModel
package import PosternStore

/// What became of the events that one destination has to bring, all lanes together.
///
/// Replays of events by jobs are left out: each event counts once, for what became of it at last.
package struct DestinationBalance: Sendable, Equatable {
    package let destination: DestinationID
    package let organization: OrganizationID
    /// The destination's name within its organization.
    package let name: String
    /// Whether it was deleted; then its dead letters are all that is left to do.
    package let isDeleted: Bool
    /// All its dead letters, those of replays by jobs among them.
    package private(set) var letters: Int64 = 0
    /// Events it has passed, as its cursors counted, and those that are in flight.
    package private(set) var events: Int64 = 0
    /// Delivered: at the first attempt, by a retry, or by a replay of the dead letter.
    package private(set) var delivered: Int64 = 0
    /// Of those delivered: dead letters that a replay has resolved.
    package private(set) var resolved: Int64 = 0
    /// Stored and not passed yet.
    package private(set) var inFlight: Int64 = 0
    /// In the retry queue, as an event or as the replay of its dead letter.
    package private(set) var retrying: Int64 = 0
    /// A dead letter that is open or acknowledged.
    package private(set) var deadLettered: Int64 = 0
    /// A dead letter that was discarded.
    package private(set) var discarded: Int64 = 0
    /// Passed over: no subscription wants them.
    package private(set) var unsubscribed: Int64 = 0

    /// Starts with the books of one lane.
    package init(_ account: DestinationAccount) {
        self.destination = account.destination
        self.organization = account.organization
        self.name = account.name
        self.isDeleted = account.isDeleted
        self.add(account)
    }

    /// Adds the books of a lane.
    package mutating func add(_ account: DestinationAccount) {
        // What lies before a deleted destination never sets out.
        let ahead = account.isDeleted ? 0 : account.ahead
        self.letters += account.letters.all
        self.events += account.delivered + account.handed + account.buried + account.unsubscribed + ahead
        self.delivered += account.delivered + account.recovered + account.letters.resolved
        self.resolved += account.letters.resolved
        self.inFlight += ahead
        self.retrying += account.waiting + account.letters.replaying
        self.deadLettered += account.letters.unsettled
        self.discarded += account.letters.discarded
        self.unsubscribed += account.unsubscribed
    }

    /// How many of the events are nowhere: 0 when the rest adds up, negative when something was counted twice.
    package var lost: Int64 {
        self.events - self.delivered - self.inFlight - self.retrying - self.deadLettered - self.discarded
            - self.unsubscribed
    }
}
