package import Metrics

/// Everything measured about connections and requests as such, for one process.
///
/// The methods are those of `HTTPServerObserver` in words this target knows; the codes come from closed sets.
package struct HTTPMetrics: Sendable {
    /// Connections open now.
    package let connections: LevelMetric
    /// Connections taken since the start.
    package let connectionsOpened: CountMetric
    /// Connections refused, by reason.
    package let connectionsRefused: BoundedCounters
    /// Connections ended, by reason.
    package let connectionsClosed: BoundedCounters
    /// Requests the server itself refused, by reason.
    package let requestsRefused: BoundedCounters
    /// Answers by the first digit of their status; the index is that digit.
    private let answers: [CountMetric]
    /// Time from the end of a request's head to its answer.
    package let requestSeconds: DurationMetric

    /// Makes all instruments.
    ///
    /// - Parameters:
    ///   - factory: Where they are kept.
    ///   - process: `gateway` or `consumer`; the second word of every name.
    package init(factory: any MetricsFactory, process: String = "gateway") {
        let descriptions = Descriptions(process: process)
        self.connections = descriptions.connections.makeGauge(factory)
        self.connectionsOpened = descriptions.opened.makeCounter(factory)
        self.connectionsRefused = BoundedCounters(
            descriptions.refused,
            factory,
            label: "reason",
            known: ["too_many_connections", "too_many_connections_from_address"]
        )
        self.connectionsClosed = BoundedCounters(
            descriptions.closed,
            factory,
            label: "reason",
            known: ["peer", "answered", "refused", "idle", "write_timeout", "shutdown", "broken"]
        )
        self.requestsRefused = BoundedCounters(
            descriptions.refusals,
            factory,
            label: "reason",
            known: [
                "malformed_request", "unsupported_version", "target_too_long", "headers_too_large",
                "unsupported_transfer_encoding", "unknown_expectation", "body_too_large", "head_timeout",
                "body_timeout", "answer_overdue",
            ]
        )
        self.answers = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"].map {
            descriptions.answers.makeCounter(factory, ("status", $0))
        }
        self.requestSeconds = descriptions.seconds.makeTimer(factory)
    }

    /// Counts a connection that was taken.
    package func connectionOpened() {
        self.connections.increment()
        self.connectionsOpened.increment()
    }

    /// Counts a connection that was refused.
    package func connectionRefused(_ reason: String) { self.connectionsRefused[reason].increment() }

    /// Counts a connection that ended.
    package func connectionClosed(_ reason: String) {
        self.connections.decrement()
        self.connectionsClosed[reason].increment()
    }

    /// Counts a request that the server itself refused.
    package func requestRefused(_ reason: String) { self.requestsRefused[reason].increment() }

    /// Counts an answer.
    package func requestAnswered(status: Int, nanoseconds: Int64) {
        self.answers[(100..<600).contains(status) ? status / 100 : 0].increment()
        self.requestSeconds.observe(nanoseconds: nanoseconds)
    }

    /// Everything measured about the connections and requests of a process.
    package static func descriptions(process: String) -> [MetricDescription] {
        let all = Descriptions(process: process)
        return [all.connections, all.opened, all.refused, all.closed, all.refusals, all.answers, all.seconds]
    }

    private struct Descriptions {
        let connections: MetricDescription
        let opened: MetricDescription
        let refused: MetricDescription
        let closed: MetricDescription
        let refusals: MetricDescription
        let answers: MetricDescription
        let seconds: MetricDescription

        init(process: String) {
            let prefix = "postern_\(process)_"
            self.connections = .gauge(prefix + "connections", "Connections open now.")
            self.opened = .counter(prefix + "connections_opened_total", "Connections taken.")
            self.refused = .counter(prefix + "connections_refused_total", "Connections refused, by reason.")
            self.closed = .counter(prefix + "connections_closed_total", "Connections ended, by reason.")
            self.refusals = .counter(
                prefix + "requests_refused_total",
                "Requests the HTTP server refused by itself, by reason."
            )
            self.answers = .counter(prefix + "answers_total", "Answers by class of status.")
            self.seconds = .histogram(
                prefix + "request_seconds",
                "Time from the end of a request's head to its answer.",
                .latency
            )
        }
    }
}
