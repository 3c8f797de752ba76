package import PosternModel

/// Counts of what came of attempts, on their way to `destination_minutes`.
package struct DestinationTally: Sendable, Equatable {
    private struct Subject: Sendable, Hashable {
        let minute: Int64
        let destination: DestinationID
        let outcome: String
    }

    private struct Sums: Sendable, Equatable {
        let organization: OrganizationID
        var count: Int64 = 0
        var retries: Int64 = 0
        var latencies = [Int64](repeating: 0, count: DestinationMinute.boundsMilliseconds.count + 1)
    }

    private var sums: [Subject: Sums] = [:]

    /// Starts with nothing.
    package init() {}

    /// Whether nothing was counted.
    package var isEmpty: Bool { self.sums.isEmpty }

    /// Counts one attempt.
    ///
    /// - Parameters:
    ///   - outcome: `delivered`, or the code of the failure; one of few.
    ///   - destination: where it went.
    ///   - organization: whose destination that is.
    ///   - isRetry: whether it was not the first attempt.
    ///   - duration: how long it took.
    ///   - time: when; the minute of it is what counts.
    package mutating func add(
        _ outcome: String,
        destination: DestinationID,
        organization: OrganizationID,
        isRetry: Bool,
        duration: Duration,
        at time: Timestamp
    ) {
        let subject = Subject(minute: time.startOfMinute.seconds, destination: destination, outcome: outcome)
        self.sums[subject, default: Sums(organization: organization)].count += 1
        if isRetry { self.sums[subject, default: Sums(organization: organization)].retries += 1 }
        let bucket = DestinationMinute.bucket(of: duration)
        self.sums[subject, default: Sums(organization: organization)].latencies[bucket] += 1
    }

    /// Adds all of another tally.
    package mutating func add(_ other: DestinationTally) {
        self.sums.merge(other.sums) { mine, theirs in
            var sum = mine
            sum.count += theirs.count
            sum.retries += theirs.retries
            for bucket in sum.latencies.indices { sum.latencies[bucket] += theirs.latencies[bucket] }
            return sum
        }
    }

    /// The same as rows, in the order of the table's key.
    ///
    /// Whoever adds to the same rows waits for the other in one order then.
    package var rows: [DestinationMinute] {
        let sorted = self.sums.sorted { left, right in
            (left.key.minute, left.key.destination, left.key.outcome)
                < (right.key.minute, right.key.destination, right.key.outcome)
        }
        return sorted.map { subject, sums in
            DestinationMinute(
                minute: Timestamp(seconds: subject.minute),
                destination: subject.destination,
                organization: sums.organization,
                outcome: subject.outcome,
                count: sums.count,
                retries: sums.retries,
                latencies: sums.latencies
            )
        }
    }
}
