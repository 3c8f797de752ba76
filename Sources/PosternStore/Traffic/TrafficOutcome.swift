package import PosternModel

/// What became of a request, a delivery or an event: the word that `traffic_minutes` counts under.
package enum TrafficOutcome: Hashable, Sendable {
    /// A request was verified and committed.
    case accepted
    /// A handshake was answered.
    case handshake
    /// A request was refused, with the reason's code.
    case rejected(reason: String)
    /// A delivery was turned into events.
    case normalized
    /// An event had been seen before.
    case duplicate
    /// An event was stored.
    case event
    /// A delivery was understood and holds nothing its definition names.
    case unrecognized
    /// A delivery went to the retry queue.
    case retried
    /// A delivery came out of the retry queue well.
    case recovered
    /// A delivery went to the dead letters.
    case deadLettered

    /// Counts a refusal by the verification plan.
    package init(_ failure: VerificationFailure) { self = .rejected(reason: failure.rawValue) }

    /// The word in the table.
    package var text: String {
        switch self {
        case .accepted: "accepted"
        case .handshake: "handshake"
        case .rejected(let reason): "rejected_\(reason)"
        case .normalized: "normalized"
        case .duplicate: "duplicate"
        case .event: "event"
        case .unrecognized: "unrecognized"
        case .retried: "retried"
        case .recovered: "recovered"
        case .deadLettered: "dead_lettered"
        }
    }

    /// Reads the word in the table; `nil` for one this program does not know.
    package init?(text: String) {
        switch text {
        case "accepted": self = .accepted
        case "handshake": self = .handshake
        case "normalized": self = .normalized
        case "duplicate": self = .duplicate
        case "event": self = .event
        case "unrecognized": self = .unrecognized
        case "retried": self = .retried
        case "recovered": self = .recovered
        case "dead_lettered": self = .deadLettered
        default:
            guard text.hasPrefix("rejected_"), text.utf8.count > 9 else { return nil }
            self = .rejected(reason: String(text.dropFirst(9)))
        }
    }
}
