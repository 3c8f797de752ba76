package import PosternModel

/// An account whose events wait in the retry queue of an ordered destination: later ones must queue up behind.
package struct BlockedAccount: Sendable, Hashable {
    package let lane: Lane
    package let destination: DestinationID
    package let account: String

    /// Joins the fields.
    package init(lane: Lane, destination: DestinationID, account: String) {
        self.lane = lane
        self.destination = destination
        self.account = account
    }
}
