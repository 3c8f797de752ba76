package import PosternModel

/// A delivery that was read and has no events near its time: something else must have become of it.
package struct ReadDelivery: Sendable, Equatable {
    /// What its other rows say became of it.
    package enum Fate: Sendable, Equatable {
        /// It waits in the retry queue to be normalized.
        case retrying
        /// It is a dead letter that nobody has settled.
        case deadLettered
        /// It is a dead letter that somebody discarded.
        case discarded
        /// It is a dead letter that a replay has resolved.
        case resolved
        /// No row says anything: it must be a repetition, hold nothing to store, or be lost.
        case unexplained
    }

    package let head: DeliveryHead
    package let id: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The bytes of its headers and body.
    package let bytes: Int
    package let fate: Fate
}
