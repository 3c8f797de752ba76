internal import Metrics

/// A number that only grows.
///
/// Any thread; one atomic addition each time.
///
/// Wraps swift-metrics, so that the targets that count need not import it.
package struct CountMetric: Sendable {
    private let counter: Counter

    init(_ counter: Counter) { self.counter = counter }

    /// Adds one.
    package func increment() { self.counter.increment() }

    /// Adds `amount`, which is not negative.
    package func increment(by amount: Int) { self.counter.increment(by: amount) }
}
