/// Where a dead letter stands in its review.
package enum DeadLetterState: String, Sendable, CaseIterable {
    /// Nobody has looked at it.
    case open
    /// Somebody has, and it waits for what will become of it.
    case acknowledged
    /// A replay went well.
    case resolved
    /// It will not be tried again.
    case discarded

    /// Those that wait for somebody.
    package static let unsettled: [Self] = [.open, .acknowledged]
}
