import Histogram
import PosternJSON
import PosternLoad
import Testing

@Suite struct LoadReportTests {
    private func report(_ figures: LoadFigures, seconds: Double = 2) -> LoadReport {
        let result = LoadResult(
            figures: figures,
            seconds: seconds,
            processorMicroseconds: 6.5,
            wasInterrupted: false
        )
        return LoadReport(result, LoadSettings(), platform: "github", bodies: .sizes([1024]))
    }

    private func figures() -> LoadFigures {
        var figures = LoadFigures()
        for millisecond in 1...100 {
            figures.note(status: 200, .genuine, nanoseconds: Int64(millisecond) * 1_000_000, isMeasured: true)
        }
        figures.note(status: 200, .genuine, nanoseconds: 1, isMeasured: false)
        figures.noteSent(.duplicate)
        figures.note(status: 503, .duplicate, nanoseconds: 5_000_000, isMeasured: true)
        for status in [401, 200] {
            figures.noteSent(.forged)
            figures.note(status: status, .forged, nanoseconds: 9_000_000_000, isMeasured: true)
        }
        figures.note(.reset)
        figures.note(.timeout)
        figures.note(.timeout)
        figures.note(.protocol)
        figures.noteConnectError()
        figures.unsent = 4
        return figures
    }

    @Test func `writes what was measured as JSON`() throws {
        let document = try JSONDocument(bytes: self.report(self.figures()).json)
        let root = document.root
        #expect(root.member("requests")?.integer == 103)
        #expect(root.member("per_second")?.rawBytes.elementsEqual("51.5".utf8) == true)
        #expect(root.member("statuses")?.member("200")?.integer == 101)
        #expect(root.member("statuses")?.member("503")?.integer == 1)
        #expect(root.member("errors")?.member("connect")?.integer == 1)
        #expect(root.member("errors")?.member("timeout")?.integer == 2)
        #expect(root.member("unsent")?.integer == 4)
        #expect(root.member("forged")?.member("sent")?.integer == 2)
        #expect(root.member("forged")?.member("accepted")?.integer == 1)
        #expect(root.member("duplicates")?.member("sent")?.integer == 1)
        // The warm-up's is acknowledged too; what was forged never is.
        #expect(root.member("acknowledged")?.integer == 101)
        #expect(root.member("rate")?.isNull == true)
        let p50 = try #require(root.member("latency_us")?.member("p50")?.integer)
        #expect((49_900...50_100).contains(p50))
        #expect(root.member("latency_us")?.member("max")?.integer == 100_000)
    }

    @Test func `gives every recorded latency`() throws {
        let document = try JSONDocument(bytes: self.report(self.figures()).json)
        let counts = try #require(document.root.member("histogram")).elements.compactMap { pair in
            Array(pair.elements).last?.integer
        }
        #expect(counts.reduce(0, +) == 101)
    }

    @Test func `writes figures of nothing`() throws {
        let document = try JSONDocument(bytes: self.report(LoadFigures(), seconds: 0).json)
        #expect(document.root.member("requests")?.integer == 0)
        #expect(document.root.member("latency_us")?.member("p99")?.integer == 0)
    }

    @Test func `tells a person of the holes`() {
        let table = self.report(self.figures()).table
        #expect(table.contains("forged        2, of which accepted: 1"))
        #expect(table.contains("latency       p50 50.0 ms, p90 90.0 ms"))
    }

    @Test func `adds what event loops measured`() {
        var sum = self.figures()
        sum.add(self.figures())
        #expect(sum.answered == 206)
        #expect(sum.acknowledged == 202)
        #expect(sum.errors == 10)
        #expect(sum.unsent == 8)
        #expect(sum.latencies.totalCount == 202)
    }
}
