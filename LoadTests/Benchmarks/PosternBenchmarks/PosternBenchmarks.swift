internal import Benchmark
internal import PosternCases

/// Registers every case: time, processor time and operations a second of each.
///
/// Instructions and memory are counted by `LoadTests/instructions`: not every machine has hardware counters, and without
/// its traits the package counts no allocations.
let benchmarks: @Sendable () -> Void = {
    // The package's own metric counts in hundredths of a second.
    let processorTime = BenchmarkMetric.custom("Processor time (ns)", polarity: .prefersSmaller)
    let cases: [MeasuredCase]
    do throws(CaseFailure) {
        cases = try MeasuredCases.all()
    } catch {
        preconditionFailure("\(error)")
    }
    for measured in cases {
        let work = PreparedWork(measured)
        Benchmark(
            measured.name,
            configuration: .init(
                metrics: [.wallClock, processorTime, .throughput],
                scalingFactor: measured.isLarge ? .one : .kilo,
                maxDuration: .milliseconds(500)
            )
        ) { benchmark in
            // Made before it is measured, and once.
            let repeated = try work.get()
            let count = benchmark.scaledIterations.count
            benchmark.startMeasurement()
            let began = ProcessorTime.nanoseconds()
            try repeated(count)
            let used = ProcessorTime.nanoseconds() - began
            benchmark.stopMeasurement()
            benchmark.measurement(processorTime, used)
        }
    }
}
