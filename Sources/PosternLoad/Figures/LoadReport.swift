internal import Histogram
internal import PosternJSON

/// The figures of a run, for a program and for a person.
package struct LoadReport: Sendable {
    private static let percentiles: [(name: String, value: Double)] = [
        ("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9),
    ]

    private let result: LoadResult
    private let settings: LoadSettings
    private let platform: String
    /// `nil` for samples.
    private let bodyBytes: [Int]?

    /// Joins the figures with what they are of.
    package init(_ result: LoadResult, _ settings: LoadSettings, platform: String, bodies: BodyChoice) {
        self.result = result
        self.settings = settings
        self.platform = platform
        switch bodies {
        case .samples: self.bodyBytes = nil
        case .sizes(let sizes): self.bodyBytes = sizes
        }
    }

    /// The figures as one JSON object.
    package var json: [UInt8] {
        let figures = self.result.figures
        var writer = JSONWriter(capacity: 16_384)
        writer.beginObject()
        writer.member("requests", integer: figures.answered)
        writer.member("seconds", number: self.result.seconds)
        writer.member("per_second", number: self.result.perSecond)
        writer.name("statuses")
        writer.beginObject()
        for (status, count) in figures.statuses { writer.member("\(status)", integer: count) }
        writer.endObject()
        writer.name("errors")
        writer.beginObject()
        for (name, count) in self.errors { writer.member(name, integer: count) }
        writer.endObject()
        self.writeLatencies(&writer)
        writer.member("unsent", integer: figures.unsent)
        writer.name("forged")
        writer.beginObject()
        writer.member("sent", integer: figures.forgedSent)
        writer.member("accepted", integer: figures.forgedAccepted)
        writer.endObject()
        writer.name("duplicates")
        writer.beginObject()
        writer.member("sent", integer: figures.duplicatesSent)
        writer.endObject()
        writer.member("acknowledged", integer: figures.acknowledged)
        writer.member("generator_cpu_us_per_request", number: self.result.processorMicroseconds)
        writer.member("connections", integer: self.settings.connections)
        writer.member("threads", integer: self.settings.threads)
        writer.name("rate")
        if let rate = self.settings.rate { writer.number(rate) } else { writer.null() }
        writer.name("body_bytes")
        if let bodyBytes = self.bodyBytes {
            writer.beginArray()
            for size in bodyBytes { writer.integer(size) }
            writer.endArray()
        } else {
            writer.null()
        }
        writer.member("platform", string: self.platform)
        writer.member("interrupted", boolean: self.result.wasInterrupted)
        writer.name("histogram")
        writer.beginArray()
        for value in figures.latencies.recordedValues() {
            writer.beginArray()
            writer.integer(value.value)
            writer.integer(value.count)
            writer.endArray()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// The figures as lines.
    package var table: String {
        let figures = self.result.figures
        var rows: [(String, String)] = [
            ("requests", "\(figures.answered) in \(Self.rounded(self.result.seconds)) s"),
            ("per second", Self.rounded(self.result.perSecond)),
            ("latency", self.latencyLine),
            ("statuses", figures.statuses.map { "\($0.status): \($0.count)" }.joined(separator: ", ")),
            ("errors", self.errors.map { "\($0.name): \($0.count)" }.joined(separator: ", ")),
            ("acknowledged", "\(figures.acknowledged), the warm-up's included"),
            ("generator", "\(Self.rounded(self.result.processorMicroseconds)) µs of CPU a request"),
        ]
        if self.settings.rate != nil { rows.append(("unsent", "\(figures.unsent)")) }
        if figures.duplicatesSent > 0 { rows.append(("duplicates", "\(figures.duplicatesSent)")) }
        if figures.forgedSent > 0 {
            rows.append(("forged", "\(figures.forgedSent), of which accepted: \(figures.forgedAccepted)"))
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, text in name + String(repeating: " ", count: width - name.count + 2) + text }
            .joined(separator: "\n")
    }

    private var errors: [(name: String, count: Int)] {
        let figures = self.result.figures
        return [
            ("connect", figures.connectErrors), ("reset", figures.resets), ("timeout", figures.timeouts),
            ("protocol", figures.protocolErrors),
        ]
    }

    private var latencyLine: String {
        let latencies = self.result.figures.latencies
        let parts = Self.percentiles.map { "\($0.name) \(LatencyText.text(latencies.valueAtPercentile($0.value)))" }
        return (parts + ["max \(LatencyText.text(latencies.maxRecorded))"]).joined(separator: ", ")
    }

    private func writeLatencies(_ writer: inout JSONWriter) {
        let latencies = self.result.figures.latencies
        writer.name("latency_us")
        writer.beginObject()
        writer.member("mean", number: latencies.mean)
        for (name, value) in Self.percentiles {
            writer.member(name, integer: latencies.valueAtPercentile(value))
        }
        writer.member("max", integer: latencies.maxRecorded)
        writer.endObject()
    }

    /// A number with one digit after the point.
    private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
