/// When the next step of a job may begin, and how large it may be.
///
/// A value without clock. Two steps a second keep the progress moving and the bursts small.
package struct JobPace: Sendable {
    private static let stepsPerSecond: Int32 = 2

    private let perSecond: Int32?
    private let largest: Int

    /// Goes by a job's rate; `nil` is as fast as it goes.
    package init(perSecond: Int32?, largest: Int) {
        self.perSecond = perSecond.map { max(1, $0) }
        self.largest = max(1, largest)
    }

    /// How many items the next step may take.
    package var limit: Int {
        guard let perSecond else { return self.largest }
        return min(self.largest, max(1, Int(perSecond / Self.stepsPerSecond)))
    }

    /// How long to wait after a step of so many items that took so long.
    package func pause(after items: Int64, took: Duration) -> Duration {
        guard let perSecond else { return .zero }
        let share = Duration.seconds(Double(min(max(0, items), 1_000_000)) / Double(perSecond))
        return max(.zero, share - took)
    }
}
