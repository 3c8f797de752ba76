import Logging
import PosternModel
import PosternTelemetry
import Testing

@Suite struct LineLogHandlerTests {
    private func logger(_ sink: RecordingSink, _ format: LogFormat = .text) -> Logger {
        Logger(label: "test") { label in
            LineLogHandler(label: label, format: format, sink: sink, clock: { Timestamp(seconds: 0) })
        }
    }

    @Test func `writes one line for each record at or above the level`() {
        let sink = RecordingSink()
        var logger = self.logger(sink)
        logger.logLevel = .warning
        logger.notice("left out")
        logger.warning("kept")
        logger.error("kept too")
        #expect(
            sink.lines.map { $0.split(separator: " ", maxSplits: 1)[1] } == [
                "warning test: kept\n", "error test: kept too\n",
            ]
        )
    }

    @Test func `lets the record's metadata win over the provider's and the logger's`() {
        let sink = RecordingSink()
        var handler = LineLogHandler(label: "test", format: .text, sink: sink, clock: { Timestamp(seconds: 0) })
        handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        handler.metadata = ["a": "logger", "b": "logger", "c": "logger"]
        let logger = Logger(label: "test") { _ in handler }
        logger.notice("m", metadata: ["a": "record"])
        #expect(sink.lines.first?.hasSuffix("m a=record b=provider c=logger\n") == true)
    }

    @Test func `keeps metadata of copies apart`() {
        let sink = RecordingSink()
        let base = self.logger(sink)
        let writer = base.with([.writer: "5", .lane: "7"])
        base.notice("base")
        writer.notice("writer")
        #expect(sink.lines.first?.hasSuffix("base\n") == true)
        #expect(sink.lines.last?.hasSuffix("writer lane=7 writer=5\n") == true)
        #expect(writer[.writer] == "5")
    }

    @Test func `writes metadata of known keys`() {
        let sink = RecordingSink()
        self.logger(sink).notice("m", metadata: .keys([.deliveryID: "1", .sqlstate: "57P01", .deliveryID: "2"]))
        #expect(sink.lines.first?.hasSuffix("m delivery_id=2 sqlstate=57P01\n") == true)
    }

    @Test func `writes the error of a record`() {
        struct Broken: Error, CustomStringConvertible { let description = "pipe broken" }
        let sink = RecordingSink()
        let logger = self.logger(sink)
        logger.error("m", error: Broken())
        #expect(sink.lines.first?.hasSuffix("m error=\"pipe broken\"\n") == true)
    }

    @Test func `never tears a line when many threads log`() async {
        let sink = RecordingSink()
        let logger = self.logger(sink, .json)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<200 { logger.notice("m", metadata: ["task": "\(task)", "number": "\(number)"]) }
                }
            }
        }
        #expect(sink.lines.count == 1600)
        #expect(sink.lines.allSatisfy { $0.hasPrefix("{\"time\":") && $0.hasSuffix("}\n") })
        #expect(Set(sink.lines).count == 1600)
    }
}
