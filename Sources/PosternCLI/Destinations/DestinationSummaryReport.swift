internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// How a destination does, for a person or a script.
struct DestinationSummaryReport {
    private let summary: DestinationSummary

    /// Wraps the numbers.
    init(_ summary: DestinationSummary) { self.summary = summary }

    /// How far it is behind: `12 events, 3 s`.
    var lag: String {
        let figures = self.summary.figures
        if figures.lag == 0 { return "0" }
        return "\(figures.lag)\(figures.isLagCut ? "+" : ""), \(self.summary.lagSeconds) s"
    }

    /// The part of the attempts that delivered: `99.8%`.
    var success: String { self.summary.successRatio.map { "\(Self.rounded($0 * 100))%" } ?? "-" }

    /// Prints it for a person.
    func printText() {
        let figures = self.summary.figures
        print("  lag           \(self.lag)")
        let next = figures.nextRetryAt.map { ", the first at \($0)" } ?? ""
        print("  waiting       \(figures.retries)\(figures.retries > 0 ? next : "")")
        print("  dead letters  \(figures.openDeadLetters) open")
        guard self.summary.attempts > 0 else {
            print("  last 15 min   no attempt")
            return
        }
        let counts =
            "\(self.summary.attempts) \(self.summary.attempts == 1 ? "attempt" : "attempts"), \(self.summary.retries) of them retries, \(self.success) delivered"
        print("  last 15 min   \(counts)")
        for failure in self.summary.failures {
            print("                \(PrintableText.escape(failure.reason)): \(failure.count)")
        }
        if let latency = self.summary.latency {
            let texts = [latency.median, latency.p95, latency.p99].map(Self.rounded)
            print("  latency       median \(texts[0]) ms, 95% \(texts[1]) ms, 99% \(texts[2]) ms")
        }
    }

    /// Writes it as a member of an open object.
    func write(to writer: inout JSONWriter) {
        let figures = self.summary.figures
        writer.name("summary")
        writer.beginObject()
        writer.member("lag_events", integer: figures.lag)
        writer.member("lag_events_is_at_least", boolean: figures.isLagCut)
        writer.member("lag_seconds", integer: self.summary.lagSeconds)
        writer.member("pending_retries", integer: figures.retries)
        writer.member("next_retry_at", string: figures.nextRetryAt?.description)
        writer.member("open_dead_letters", integer: figures.openDeadLetters)
        writer.member("attempts", integer: self.summary.attempts)
        writer.member("delivered", integer: self.summary.delivered)
        writer.member("retries", integer: self.summary.retries)
        writer.name("success_ratio")
        if let ratio = self.summary.successRatio { writer.number(ratio) } else { writer.null() }
        writer.name("failures")
        writer.beginObject()
        for failure in self.summary.failures { writer.member(failure.reason, integer: failure.count) }
        writer.endObject()
        writer.name("latency_ms")
        if let latency = self.summary.latency {
            writer.beginObject()
            writer.member("median", number: latency.median)
            writer.member("p95", number: latency.p95)
            writer.member("p99", number: latency.p99)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }

    /// With one digit behind the point, and none where it is zero.
    private static func rounded(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard tenths.isFinite, tenths < 1e15 else { return "\(value)" }
        let whole = Int64(tenths)
        return whole % 10 == 0 ? "\(whole / 10)" : "\(whole / 10).\(whole % 10)"
    }
}
