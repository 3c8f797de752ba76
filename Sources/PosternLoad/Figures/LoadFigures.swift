package import Histogram

/// What was measured: by one event loop, or by all together.
package struct LoadFigures: Sendable {
    /// The longest latency the histogram tells apart, an hour in microseconds; longer ones count as an hour.
    private static let longest: UInt64 = 3_600_000_000
    private static let statusLimit = 600

    /// How often each status was answered, by status.
    private var statusCounts = [Int](repeating: 0, count: LoadFigures.statusLimit)
    /// The latencies of answers to all but forged requests, in microseconds.
    package private(set) var latencies = Histogram<UInt64>(
        highestTrackableValue: LoadFigures.longest,
        numberOfSignificantValueDigits: .three
    )
    /// Answers in all.
    package private(set) var answered = 0
    /// Connections that could not be made.
    package private(set) var connectErrors = 0
    /// Requests whose connection was lost.
    package private(set) var resets = 0
    /// Requests that nothing answered in time.
    package private(set) var timeouts = 0
    /// Requests answered with what is no HTTP.
    package private(set) var protocolErrors = 0
    /// Requests that were due and never sent.
    package var unsent = 0
    /// Forged requests that were sent.
    package private(set) var forgedSent = 0
    /// Forged requests that were answered with 2xx: each of them is a hole.
    package private(set) var forgedAccepted = 0
    /// Duplicates that were sent.
    package private(set) var duplicatesSent = 0
    /// Answers with 2xx to requests that were not forged, the warm-up's included.
    package private(set) var acknowledged = 0

    /// Starts at nothing.
    package init() {}

    /// How often each status was answered, in order; those that never were are left out.
    package var statuses: [(status: Int, count: Int)] {
        self.statusCounts.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }
    }

    /// Everything that went wrong without an answer.
    package var errors: Int { self.connectErrors + self.resets + self.timeouts + self.protocolErrors }

    /// Counts a request that goes out in the measured time.
    package mutating func noteSent(_ kind: RequestKind) {
        switch kind {
        case .genuine: break
        case .duplicate: self.duplicatesSent += 1
        case .forged: self.forgedSent += 1
        }
    }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - status: its status.
    ///   - kind: what was answered.
    ///   - nanoseconds: how long it took.
    ///   - isMeasured: whether it belongs into the figures; the warm-up's counts as acknowledged only.
    package mutating func note(status: Int, _ kind: RequestKind, nanoseconds: Int64, isMeasured: Bool) {
        let isAccepted = status >= 200 && status < 300
        if isAccepted, kind != .forged { self.acknowledged += 1 }
        guard isMeasured else { return }
        self.answered += 1
        if self.statusCounts.indices.contains(status) { self.statusCounts[status] += 1 }
        guard kind != .forged else {
            if isAccepted { self.forgedAccepted += 1 }
            return
        }
        self.latencies.record(min(UInt64(max(0, nanoseconds)) / 1000, Self.longest))
    }

    /// Counts a request that will have no answer.
    package mutating func note(_ reason: LossReason) {
        switch reason {
        case .reset: self.resets += 1
        case .timeout: self.timeouts += 1
        case .protocol: self.protocolErrors += 1
        }
    }

    /// Counts a connection that could not be made.
    package mutating func noteConnectError() { self.connectErrors += 1 }

    /// Adds what another event loop measured.
    package mutating func add(_ other: LoadFigures) {
        for status in self.statusCounts.indices { self.statusCounts[status] += other.statusCounts[status] }
        self.latencies.add(other.latencies)
        self.answered += other.answered
        self.connectErrors += other.connectErrors
        self.resets += other.resets
        self.timeouts += other.timeouts
        self.protocolErrors += other.protocolErrors
        self.unsent += other.unsent
        self.forgedSent += other.forgedSent
        self.forgedAccepted += other.forgedAccepted
        self.duplicatesSent += other.duplicatesSent
        self.acknowledged += other.acknowledged
    }
}
