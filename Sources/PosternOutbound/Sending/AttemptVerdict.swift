/// What an answer means for the event.
package enum AttemptVerdict: Sendable, Equatable {
    case delivered
    /// Worth another attempt.
    case transient(reason: String)
    /// No attempt will ever do better.
    case permanent(reason: String)
    /// The destination wants nothing more (410).
    case gone

    /// Judges an answer.
    ///
    /// `reason` is from a closed set: ``OutboundFailure``, `http_408`, `http_425`, `http_429`, and `http_1xx` to
    /// `http_9xx`.
    ///
    /// Source: RFC 9110, section 15; RFC 8470, section 5.2 (425); RFC 6585, section 4 (429).
    package init(_ answer: OutboundAnswer) {
        switch answer.result {
        case .failed(let failure, _):
            switch failure {
            case .resolve, .connect, .tls, .timeout, .closed, .protocol, .canceled:
                self = .transient(reason: failure.rawValue)
            case .refusedAddress, .request, .bodyGone: self = .permanent(reason: failure.rawValue)
            }
        case .answered(let status):
            switch status {
            case 200...299: self = .delivered
            case 408, 425, 429: self = .transient(reason: "http_\(status)")
            case 410: self = .gone
            case 500...599: self = .transient(reason: "http_5xx")
            default: self = .permanent(reason: "http_\(min(max(status / 100, 0), 9))xx")
            }
        }
    }
}
