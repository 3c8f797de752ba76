/// When the requests of an open loop are due: one after the other at even distances, whatever becomes of them.
///
/// A value without a clock; times are nanoseconds of any one clock. What is due and was not taken simply waits, and keeps
/// the time it was due at: that is how a server that stands still is charged for everybody who came meanwhile. It takes
/// no memory however many wait.
package struct ArrivalSchedule: Sendable {
    private let start: Double
    private let interval: Double
    /// How many were taken.
    package private(set) var taken = 0

    /// Plans one of `loops` equal shares of a rate.
    ///
    /// - Parameters:
    ///   - rate: requests a second of all shares together, above 0.
    ///   - loop: which share this is; shares are shifted against each other so that together they are even.
    ///   - loops: how many shares there are.
    ///   - start: when the first request of the first share is due.
    package init(rate: Double, loop: Int = 0, of loops: Int = 1, start: Int64) {
        precondition(rate > 0 && loops > 0, "a rate of \(rate) in \(loops) shares")
        self.interval = 1e9 * Double(loops) / rate
        self.start = Double(start) + 1e9 * Double(loop) / rate
    }

    /// When the next request is due.
    package var nextDue: Int64 { self.due(self.taken) }

    /// Takes the next request if it is due, and gives the time it was due at.
    package mutating func take(now: Int64) -> Int64? {
        let due = self.nextDue
        guard due <= now else { return nil }
        self.taken += 1
        return due
    }

    /// How many wait: due at `now` and not taken.
    package func waiting(now: Int64) -> Int {
        guard self.nextDue <= now else { return 0 }
        let count = ((Double(now) - self.start) / self.interval).rounded(.down) + 1
        // Far beyond any run; keeps the conversion safe from a clock that jumped.
        return max(1, Int(min(count, 1e15)) - self.taken)
    }

    private func due(_ index: Int) -> Int64 { Int64(min(self.start + Double(index) * self.interval, 9e18)) }
}
