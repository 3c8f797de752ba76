package import PosternModel
package import PosternStore

/// What became of the requests of one event loop, counted per minute and endpoint until the next flush.
///
/// Belongs to its event loop.
package struct TrafficTally {
    /// One counter.
    package struct Key: Hashable, Sendable {
        /// The endpoint that was asked.
        package let endpoint: EndpointEntry
        /// What became of the request.
        package let outcome: Outcome
        /// Minutes since 1970-01-01T00:00Z.
        package let minute: Int64

        /// Joins the values.
        package init(endpoint: EndpointEntry, outcome: Outcome, minute: Int64) {
            self.endpoint = endpoint
            self.outcome = outcome
            self.minute = minute
        }

        package static func == (left: Key, right: Key) -> Bool {
            left.endpoint === right.endpoint && left.outcome == right.outcome && left.minute == right.minute
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(ObjectIdentifier(self.endpoint))
            hasher.combine(self.outcome)
            hasher.combine(self.minute)
        }
    }

    /// What becomes of a request, as `traffic_minutes` names it.
    package enum Outcome: Hashable, Sendable {
        /// Proved by this secret; `nil` where the scheme has none.
        case accepted(SecretID?)
        case handshake
        case rejected(Rejection)
        /// Let through by a limit that only counts.
        case shadowed(Rejection)

        /// The word it is stored under.
        package var stored: TrafficOutcome {
            switch self {
            case .accepted: .accepted
            case .handshake: .handshake
            case .rejected(let rejection): .rejected(reason: rejection.code)
            case .shadowed(let rejection): .shadowed(reason: rejection.code)
            }
        }
    }

    private var counts: [Key: Int64] = [:]
    /// The counter of the newest request, beside the table: what comes in a row is hashed once.
    private var newest: (key: Key, count: Int64)?

    /// Makes an empty tally.
    package init() {}

    /// Counts one request.
    package mutating func count(_ outcome: Outcome, endpoint: EndpointEntry, at time: Timestamp) {
        let key = Key(endpoint: endpoint, outcome: outcome, minute: time.microseconds / 60_000_000)
        if self.newest?.key == key {
            self.newest?.count += 1
        } else {
            self.file()
            self.newest = (key, 1)
        }
    }

    /// Hands over what was counted and starts again from zero.
    package mutating func drain() -> [Key: Int64] {
        self.file()
        let drained = self.counts
        self.counts.removeAll(keepingCapacity: true)
        return drained
    }

    /// Puts the newest counter into the table.
    private mutating func file() {
        guard let newest = self.newest else { return }
        self.newest = nil
        self.counts[newest.key, default: 0] += newest.count
    }
}
