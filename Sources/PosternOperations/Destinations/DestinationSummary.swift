package import PosternModel
package import PosternStore

/// How a destination does, in the numbers a person asks for.
package struct DestinationSummary: Sendable, Equatable {
    /// How far back attempts are looked at when nobody asks otherwise.
    package static let defaultWindow = Duration.seconds(900)

    /// What is behind the cursors, waits, or died.
    package let figures: DestinationFigures
    /// How long ago the oldest event behind the cursors was stored; 0 where there is none.
    package let lagSeconds: Int64
    /// How many attempts ended within the window.
    package let attempts: Int64
    /// How many of them delivered their event.
    package let delivered: Int64
    /// How many of them were not the first for their event.
    package let retries: Int64
    /// The attempts that failed, by the class of the failure, most frequent first.
    package let failures: [Failure]
    /// How long attempts took; `nil` where there were none.
    package let latency: LatencyPercentiles?

    /// One class of failures.
    package struct Failure: Sendable, Equatable {
        /// `http_5xx`, `timeout`.
        package let reason: String
        package let count: Int64
    }

    /// The part of the attempts that delivered, 0 to 1; `nil` where there were none.
    package var successRatio: Double? {
        self.attempts > 0 ? Double(self.delivered) / Double(self.attempts) : nil
    }

    /// Adds up the figures of one destination.
    package init(_ figures: DestinationFigures, now: Timestamp) {
        var latencies: [Int64] = []
        var reasons: [String: Int64] = [:]
        var delivered: Int64 = 0
        var attempts: Int64 = 0
        var retries: Int64 = 0
        for minute in figures.minutes {
            let count = max(0, minute.count)
            attempts = attempts.saturatingSum(count)
            retries = retries.saturatingSum(max(0, minute.retries))
            if minute.outcome == "delivered" {
                delivered = delivered.saturatingSum(count)
            } else {
                reasons[minute.outcome] = reasons[minute.outcome, default: 0].saturatingSum(count)
            }
            for (bucket, value) in minute.latencies.enumerated() {
                if bucket == latencies.count { latencies.append(0) }
                latencies[bucket] = latencies[bucket].saturatingSum(max(0, value))
            }
        }
        self.figures = figures
        self.lagSeconds = figures.oldestAt.map { max(0, now.microseconds(since: $0) / 1_000_000) } ?? 0
        self.attempts = attempts
        self.delivered = delivered
        self.retries = retries
        self.failures = reasons.map { Failure(reason: $0.key, count: $0.value) }.sorted { left, right in
            (right.count, left.reason) < (left.count, right.reason)
        }
        self.latency = LatencyPercentiles(latencies, timeout: figures.timeout)
    }
}

extension Int64 {
    /// The sum, or the largest number there is: counters of a database are not ours to trust.
    fileprivate func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
