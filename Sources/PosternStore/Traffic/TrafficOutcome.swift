package import PosternModel

/// What became of a request, a delivery or an event: the word that `traffic_minutes` counts under.
package enum TrafficOutcome: Hashable, Sendable {
    /// A request was verified and committed.
    case accepted
    /// A handshake was answered.
    case handshake
    /// A request was refused, with the reason's code.
    case rejected(reason: String)
    /// A request was let through that a limit in shadow mode would have refused, with that refusal's code.
    ///
    /// Counted beside what became of the request: it is no refusal and no request more.
    case shadowed(reason: String)
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
        case .rejected(let reason): Self.rejectedPrefix + reason
        case .shadowed(let reason): Self.shadowedPrefix + reason
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
            if let reason = Self.reason(in: text, after: Self.rejectedPrefix) {
                self = .rejected(reason: reason)
            } else if let reason = Self.reason(in: text, after: Self.shadowedPrefix) {
                self = .shadowed(reason: reason)
            } else {
                return nil
            }
        }
    }

    private static let rejectedPrefix = "rejected_"
    private static let shadowedPrefix = "shadowed_"

    private static func reason(in text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        return String(text.dropFirst(prefix.count))
    }
}
