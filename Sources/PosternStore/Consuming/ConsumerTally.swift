package import PosternModel

/// Counts of what became of deliveries and events, on their way to `traffic_minutes`.
package struct ConsumerTally: Sendable {
    /// What one count is about.
    package struct Subject: Sendable, Hashable {
        package let lane: Lane
        package let organization: OrganizationID
        package let endpoint: EndpointID
        package let platform: PlatformName
        package let outcome: TrafficOutcome

        /// Joins the fields.
        package init(
            lane: Lane,
            organization: OrganizationID,
            endpoint: EndpointID,
            platform: PlatformName,
            outcome: TrafficOutcome
        ) {
            self.lane = lane
            self.organization = organization
            self.endpoint = endpoint
            self.platform = platform
            self.outcome = outcome
        }
    }

    /// The counts so far.
    package private(set) var counts: [Subject: Int64] = [:]

    /// Starts with nothing.
    package init() {}

    /// Whether nothing was counted.
    package var isEmpty: Bool { self.counts.isEmpty }

    /// Adds to one count.
    package mutating func add(_ count: Int64 = 1, to subject: Subject) {
        guard count != 0 else { return }
        self.counts[subject, default: 0] += count
    }

    /// Adds all of another tally.
    package mutating func add(_ other: ConsumerTally) {
        if self.counts.isEmpty {
            self.counts = other.counts
        } else {
            self.counts.merge(other.counts, uniquingKeysWith: +)
        }
    }

    /// The sum of one outcome over everything.
    package func total(_ outcome: TrafficOutcome) -> Int64 {
        self.counts.reduce(0) { $1.key.outcome == outcome ? $0 + $1.value : $0 }
    }

    /// The same as rows for the minute of `time`.
    package func rows(at time: Timestamp) -> [TrafficCount] {
        self.counts.map { subject, count in
            TrafficCount(
                lane: subject.lane,
                at: time,
                organization: subject.organization,
                endpoint: subject.endpoint,
                platform: subject.platform,
                outcome: subject.outcome,
                count: count
            )
        }
    }
}
