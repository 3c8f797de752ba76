package import PosternModel

/// How one destination does.
package struct DestinationStanding: Sendable, Equatable {
    package let id: DestinationID
    package let organization: OrganizationID
    package let organizationName: String
    /// The destination's name within its organization.
    package let name: String
    package let kind: DestinationKind
    package let state: DestinationState
    package let circuit: CircuitState
    /// When an open circuit is probed, or the probe of a half-open one ends.
    package let circuitUntil: Timestamp?
    /// How long an attempt may take by its settings now.
    package let timeout: Duration
    /// Events it has not passed.
    package let behind: PipelineStatus.BoundedCount
    /// When the oldest of them was stored; `nil` for none.
    package let oldestBehind: Timestamp?
    /// Rows of the retry queue that go to it.
    package let waiting: PipelineStatus.BoundedCount
    /// Since it was made: events that were retried and delivered in the end.
    package let recovered: Int64
    /// Since it was made: events that were retried in vain.
    package let exhausted: Int64
    /// Attempts that succeeded, over the window.
    package internal(set) var delivered: Int64 = 0
    /// Attempts that failed, by the code of the failure, over the window.
    package internal(set) var failures: [String: Int64] = [:]
    /// Attempts that were not the first, over the window.
    package internal(set) var retries: Int64 = 0
    /// How long attempts took, over the window; those that got no answer among them.
    package internal(set) var latencies = LatencyHistogram()

    /// How long the given part of the attempts took at most, and no longer than ``timeout``; `nil` without any.
    ///
    /// `part` is above 0 and at most 1.
    package func latency(_ part: Double) -> Duration? {
        // Within a step attempts are taken for evenly spread, which knows nothing of the timeout that ended some.
        self.latencies.percentile(part).map { latency in min(latency, self.timeout) }
    }

    /// Attempts that succeeded, of all over the window; `nil` when there was none.
    package var successRatio: Double? {
        let all = self.failures.values.reduce(self.delivered, +)
        return all > 0 ? Double(self.delivered) / Double(all) : nil
    }
}
