internal import Metrics

/// A number that goes up and down.
///
/// Any thread.
package struct LevelMetric: Sendable {
    private let meter: Meter

    init(_ meter: Meter) { self.meter = meter }

    /// Sets the level.
    package func set(_ value: Int) { self.meter.set(value) }

    /// Sets the level.
    package func set(_ value: Double) { self.meter.set(value) }

    /// Raises the level by one.
    package func increment() { self.meter.increment() }

    /// Lowers the level by one.
    package func decrement() { self.meter.decrement() }
}
