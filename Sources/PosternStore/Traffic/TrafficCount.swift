package import PosternModel

/// How often one thing happened at one endpoint in one minute.
package struct TrafficCount: Sendable, Equatable {
    package let lane: Lane
    /// The start of the minute.
    package let minute: Timestamp
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let platform: PlatformName
    package let outcome: TrafficOutcome
    package var count: Int64

    /// Counts something that happened at `time`, which is rounded down to its minute.
    package init(
        lane: Lane,
        at time: Timestamp,
        organization: OrganizationID,
        endpoint: EndpointID,
        platform: PlatformName,
        outcome: TrafficOutcome,
        count: Int64
    ) {
        self.lane = lane
        self.minute = time.startOfMinute
        self.organization = organization
        self.endpoint = endpoint
        self.platform = platform
        self.outcome = outcome
        self.count = count
    }

    /// Whether both are counted in the same row.
    func sharesRow(with other: TrafficCount) -> Bool {
        self.lane == other.lane && self.minute == other.minute && self.organization == other.organization
            && self.endpoint == other.endpoint && self.outcome == other.outcome
    }

    /// The order of the primary key.
    static func precedes(_ left: TrafficCount, _ right: TrafficCount) -> Bool {
        if left.lane != right.lane { return left.lane < right.lane }
        if left.minute != right.minute { return left.minute < right.minute }
        if left.organization != right.organization { return left.organization < right.organization }
        if left.endpoint != right.endpoint { return left.endpoint < right.endpoint }
        return left.outcome.text < right.outcome.text
    }
}
