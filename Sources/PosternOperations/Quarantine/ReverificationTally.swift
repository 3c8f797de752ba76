package import PosternModel
internal import PosternStore

/// What came of checking quarantined requests again, in numbers.
package struct ReverificationTally: Sendable, Equatable {
    /// Requests proven now, by the secret that proved them; `nil` where the scheme has none.
    package private(set) var valid: [SecretID?: Int] = [:]
    /// Requests still refused, by reason.
    package private(set) var refused: [VerificationFailure: Int] = [:]
    /// Proven requests that are handshakes: there is nothing of them to deliver.
    package private(set) var handshakes = 0
    /// Requests that could not be opened: sealed with another key, or by another version.
    package private(set) var unreadable = 0

    /// Starts at zero.
    package init() {}

    /// How many may be admitted, or were.
    package var validCount: Int { self.valid.values.reduce(0, +) }

    /// How many were looked at.
    package var count: Int {
        self.validCount + self.refused.values.reduce(0, +) + self.handshakes + self.unreadable
    }

    /// Counts one outcome.
    package mutating func note(_ outcome: ReverificationOutcome) {
        switch outcome {
        case .valid(let admission): self.valid[admission.secret, default: 0] += 1
        case .handshake: self.handshakes += 1
        case .refused(let failure): self.refused[failure, default: 0] += 1
        }
    }

    /// Counts requests that could not be opened.
    package mutating func noteUnreadable(_ count: Int) { self.unreadable += count }
}
