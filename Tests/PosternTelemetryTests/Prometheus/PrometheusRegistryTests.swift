import Metrics
import PosternTelemetry
import Testing

@Suite struct PrometheusRegistryTests {
    private func text(_ registry: PrometheusRegistry) -> String { String(decoding: registry.render(), as: UTF8.self) }

    @Test func `writes nothing at first`() {
        #expect(PrometheusRegistry().render().isEmpty)
    }

    @Test func `writes every kind of instrument exactly`() {
        let registry = PrometheusRegistry(descriptions: [
            .counter("test_things_total", "Things\nby \\ kind."),
            .gauge("test_level", "Level."),
            .histogram("test_seconds", "Time.", HistogramBuckets([0.5, 1])),
            .histogram("test_rows", "Rows.", HistogramBuckets([1, 10])),
        ])
        let red = Counter(label: "test_things_total", dimensions: [("kind", "red")], factory: registry)
        red.increment(by: 3)
        Counter(label: "test_things_total", dimensions: [("kind", "a\"b\\c\nd")], factory: registry).increment()
        Gauge(label: "test_level", factory: registry).record(2.5)
        Meter(label: "test_other_level", factory: registry).increment(by: 4)
        Meter(label: "test_other_level", factory: registry).decrement(by: 5)
        let timer = Timer(label: "test_seconds", dimensions: [("a", "b")], factory: registry)
        for nanoseconds: Int64 in [-1, 499_999_999, 500_000_000, 500_000_001, 1_000_000_000, 1_000_000_001] {
            timer.recordNanoseconds(nanoseconds)
        }
        let rows = Recorder(label: "test_rows", factory: registry)
        rows.record(1)
        rows.record(10)
        rows.record(11)
        rows.record(0.5)
        #expect(
            self.text(registry) == """
                # HELP test_level Level.
                # TYPE test_level gauge
                test_level 2.5
                # TYPE test_other_level gauge
                test_other_level -1
                # HELP test_rows Rows.
                # TYPE test_rows histogram
                test_rows_bucket{le="1"} 2
                test_rows_bucket{le="10"} 3
                test_rows_bucket{le="+Inf"} 4
                test_rows_sum 22.5
                test_rows_count 4
                # HELP test_seconds Time.
                # TYPE test_seconds histogram
                test_seconds_bucket{a="b",le="0.5"} 3
                test_seconds_bucket{a="b",le="1"} 5
                test_seconds_bucket{a="b",le="+Inf"} 6
                test_seconds_sum{a="b"} 3.500000001
                test_seconds_count{a="b"} 6
                # HELP test_things_total Things\\nby \\\\ kind.
                # TYPE test_things_total counter
                test_things_total{kind="a\\"b\\\\c\\nd"} 1
                test_things_total{kind="red"} 3

                """
        )
    }

    @Test func `gives the same label set the same instrument`() {
        let registry = PrometheusRegistry()
        Counter(label: "a_total", dimensions: [("x", "1")], factory: registry).increment()
        Counter(label: "a_total", dimensions: [("x", "1")], factory: registry).increment()
        #expect(self.text(registry).hasSuffix("a_total{x=\"1\"} 2\n"))
    }

    @Test func `never lets a counter fall`() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "a_total", factory: registry)
        counter.increment(by: 5)
        counter.increment(by: -3)
        #expect(self.text(registry).hasSuffix("a_total 5\n"))
        counter.reset()
        #expect(self.text(registry).hasSuffix("a_total 0\n"))
    }

    @Test func `makes allowed names of any text`() {
        let registry = PrometheusRegistry()
        Counter(label: "9 lives.total", dimensions: [("a-b", "c"), ("le", "d")], factory: registry).increment()
        #expect(self.text(registry) == "# TYPE _9_lives_total counter\n_9_lives_total{a_b=\"c\",le_=\"d\"} 1\n")
    }

    @Test(arguments: [(1, 0), (2, 0), (3, 1), (10, 8)])
    func `bounds the label sets of a metric and counts what is past`(sets: Int, refused: Int) {
        let registry = PrometheusRegistry(seriesLimit: 2)
        for number in 0..<sets {
            Counter(label: "a_total", dimensions: [("n", "\(number)")], factory: registry).increment()
        }
        let lines = self.text(registry).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("a_total{") } == min(sets, 2))
        #expect(lines.last == (refused > 0 ? "postern_telemetry_refused_series_total \(refused)" : lines.last))
        #expect(lines.contains { $0.hasPrefix("postern_telemetry_refused") } == (refused > 0))
    }

    @Test func `keeps two kinds of one name apart`() {
        let registry = PrometheusRegistry()
        Counter(label: "a", factory: registry).increment()
        Gauge(label: "a", factory: registry).record(7)
        Gauge(label: "a", dimensions: [("x", "y")], factory: registry).record(7)
        let text = self.text(registry)
        #expect(text.hasPrefix("# TYPE a counter\na 1\n# HELP postern_telemetry_refused"))
        #expect(text.hasSuffix("postern_telemetry_refused_series_total 2\n"))
    }

    @Test func `forgets what is destroyed`() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "a_total", factory: registry)
        let gauge = Gauge(label: "b", factory: registry)
        let timer = Timer(label: "c", factory: registry)
        let meter = Meter(label: "d", factory: registry)
        counter.destroy()
        gauge.destroy()
        timer.destroy()
        meter.destroy()
        #expect(registry.render().isEmpty)
    }

    @Test func `loses nothing when many threads count`() async {
        let registry = PrometheusRegistry(descriptions: [.histogram("c", "", HistogramBuckets([1]))])
        let counter = Counter(label: "a_total", factory: registry)
        let meter = Meter(label: "b", factory: registry)
        let timer = Timer(label: "c", factory: registry)
        let recorder = Recorder(label: "d", factory: registry)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5000 {
                        counter.increment()
                        meter.increment()
                        timer.recordNanoseconds(1_000_000)
                        recorder.record(2)
                    }
                }
                group.addTask {
                    for _ in 0..<20 {
                        Counter(label: "a_total", factory: registry).increment(by: 0)
                        _ = registry.render()
                    }
                }
            }
        }
        let lines = self.text(registry).split(separator: "\n")
        #expect(lines.contains("a_total 40000"))
        #expect(lines.contains("b 40000"))
        #expect(lines.contains("c_bucket{le=\"1\"} 40000"))
        #expect(lines.contains("c_sum 40"))
        #expect(lines.contains("d_sum 80000"))
        #expect(lines.contains("d_count 40000"))
    }
}
