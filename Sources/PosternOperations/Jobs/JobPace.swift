/// When the next step of a job may begin, and how large it may be.
///
/// A value without clock. Two steps a second keep the progress moving and the bursts small.
package struct JobPace: Sendable {
    private static let stepsPerSecond: Int32 = 2
    /// How often a step for one item alone may take too long before the job is given up.
    private static let attemptsAtOne = 5

    private let perSecond: Int32?
    private let largest: Int
    /// What the size of a step is divided by, after steps that took too long.
    private var divisor = 1
    private var slowSteps = 0

    /// Goes by a job's rate; `nil` is as fast as it goes.
    package init(perSecond: Int32?, largest: Int) {
        self.perSecond = perSecond.map { max(1, $0) }
        self.largest = max(1, largest)
    }

    /// How many items the next step may take.
    package var limit: Int {
        let wanted = self.perSecond.map { Int($0 / Self.stepsPerSecond) } ?? self.largest
        return max(1, min(self.largest, wanted) / self.divisor)
    }

    /// Notes a step that was done: the next may be larger, up to the usual.
    package mutating func advanced() {
        self.divisor = max(1, self.divisor / 2)
        self.slowSteps = 0
    }

    /// Notes a step that was not done in its time: the next is half as large.
    ///
    /// - Returns: whether it is worth another try; not when one item alone has taken too long again and again.
    package mutating func tookTooLong() -> Bool {
        guard self.limit == 1 else {
            self.divisor *= 2
            return true
        }
        self.slowSteps += 1
        return self.slowSteps < Self.attemptsAtOne
    }

    /// How long to wait after a step of so many items that took so long.
    package func pause(after items: Int64, took: Duration) -> Duration {
        guard let perSecond else { return .zero }
        let share = Duration.seconds(Double(min(max(0, items), 1_000_000)) / Double(perSecond))
        return max(.zero, share - took)
    }
}
