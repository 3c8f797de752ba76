internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound

/// The answer to a test event, for a person or a script.
struct ProbeReport {
    private let probe: DestinationProbeAnswer

    /// Wraps an answer.
    init(_ probe: DestinationProbeAnswer) { self.probe = probe }

    /// One line: `204 in 12 ms`.
    var text: String {
        let answer = self.probe.answer
        let time = "in \(self.milliseconds) ms"
        return switch answer.result {
        case .answered(let status): "answered with \(status) \(time)\(self.excerpt)"
        case .failed(let failure, let detail): "\(failure.rawValue) \(time): \(PrintableText.escape(detail))"
        }
    }

    /// Prints it for a person.
    func printText() {
        print("  probe   \(self.probe.isDelivered ? "delivered" : "NOT delivered"): \(self.text)")
        if let meaning = self.meaning { print("          \(meaning)") }
    }

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        let answer = self.probe.answer
        writer.beginObject()
        writer.member("event", string: self.probe.event.description)
        writer.member("delivered", boolean: self.probe.isDelivered)
        switch answer.result {
        case .answered(let status):
            writer.member("status", integer: status)
            writer.member("failure", string: nil)
        case .failed(let failure, let detail):
            writer.member("status", integer: Int64?.none)
            writer.member("failure", string: failure.rawValue)
            writer.member("detail", string: detail)
        }
        writer.member("verdict", string: self.verdict)
        writer.member("milliseconds", integer: self.milliseconds)
        writer.member("answer", string: answer.text)
        writer.endObject()
    }

    private var milliseconds: Int64 {
        let (seconds, attoseconds) = self.probe.answer.duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    private var verdict: String {
        switch self.probe.verdict {
        case .delivered: "delivered"
        case .transient: "transient"
        case .permanent: "permanent"
        case .gone: "gone"
        }
    }

    /// What an event would have met with.
    private var meaning: String? {
        switch self.probe.verdict {
        case .delivered: nil
        case .transient: "an event would be tried again"
        case .permanent: "an event would become a dead letter at once"
        case .gone: "an event would have disabled the destination"
        }
    }

    /// The beginning of the answer, on the same line.
    private var excerpt: String {
        let text = self.probe.answer.text
        if text.isEmpty { return "" }
        let short = String(text.prefix(200))
        return ": \(PrintableText.escape(short))\(short.count < text.count ? "…" : "")"
    }
}
