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

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .notFound: "dead_letter_not_found"
        case .replaying: "replay_under_way"
        case .wrongState: "wrong_review_state"
        case .destinationUnavailable: "destination_unavailable"
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
            "the destination of the dead letter \(id) was deleted or is disabled: resume it first, or discard the letter"
        }
    }
}
