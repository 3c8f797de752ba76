internal import Histogram

/// How a run goes, once a second.
package struct LoadProgress: Sendable {
    /// How long has been measured, in seconds; below 0 during the warm-up.
    package let seconds: Double
    /// Answers measured since the last line.
    package let lastSecond: Int
    /// Everything measured so far.
    package let figures: LoadFigures
    /// Connections that stand.
    package let connected: Int
    /// Requests of an open loop that are due and not sent.
    package let waiting: Int

    /// The line for a person.
    package var line: String {
        guard self.seconds >= 0 else { return "warming up, \(self.connected) connections" }
        let latency = LatencyText.text(self.figures.latencies.valueAtPercentile(99))
        return "\(Int(self.seconds.rounded())) s: \(self.lastSecond)/s, p99 \(latency), "
            + "\(self.figures.errors) errors, \(self.waiting) waiting, \(self.connected) connections"
    }
}
