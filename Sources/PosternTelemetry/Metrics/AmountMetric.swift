internal import Metrics

/// A distribution of amounts.
///
/// Any thread; two atomic additions each time.
package struct AmountMetric: Sendable {
    private let recorder: Recorder

    init(_ recorder: Recorder) { self.recorder = recorder }

    /// Records an amount.
    package func observe(_ amount: Int) { self.recorder.record(amount) }
}
