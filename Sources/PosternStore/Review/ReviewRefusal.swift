package import PosternModel

/// Why an act on a dead letter was refused; the letter is as it was.
package enum ReviewRefusal: Error, Equatable, Sendable {
    case notFound(DeadLetterID)
    /// A replay is under way: what becomes of it is not known yet.
    case replaying(DeadLetterID)
    /// The act is not for a letter in this state.
    case wrongState(DeadLetterID, DeadLetterState)
    /// Where it would go was deleted or is disabled.
    case destinationUnavailable(DeadLetterID)
    /// The other destination it should go to is not one of its organization that takes events.
    case otherDestinationUnavailable(DeadLetterID, DestinationID)
    /// It was never an event, so that no destination can have it.
    case notAnEvent(DeadLetterID)

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .notFound: "dead_letter_not_found"
        case .replaying: "replay_under_way"
        case .wrongState: "wrong_review_state"
        case .destinationUnavailable, .otherDestinationUnavailable: "destination_unavailable"
        case .notAnEvent: "not_an_event"
        }
    }
}

extension ReviewRefusal: CustomStringConvertible {
    /// What happened and what to do next.
    package var description: String {
        switch self {
        case .notFound(let id): "there is no dead letter '\(id)': `postern deadletter list` shows those there are"
        case .replaying(let id):
            "a replay of the dead letter \(id) is under way: wait for its end, `postern deadletter show \(id)` tells"
        case .wrongState(let id, let state):
            "the dead letter \(id) is \(state.rawValue)"
                + (DeadLetterState.unsettled.contains(state) ? " already" : ": reopen it first")
        case .destinationUnavailable(let id):
            """
            the destination of the dead letter \(id) was deleted or is disabled: send the event to another one with \
            `postern deadletter replay \(id) --to DESTINATION`, send all events of a time with `postern events replay \
            --destination DESTINATION`, enable the destination, or discard the letter
            """
        case .otherDestinationUnavailable(let id, let destination):
            """
            the dead letter \(id) cannot go to the destination \(destination): that one is disabled, of kind alert or of \
            another organization
            """
        case .notAnEvent(let id):
            "the dead letter \(id) is a delivery that was not normalized: replay it without naming a destination"
        }
    }
}
