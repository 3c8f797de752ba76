/// How long to wait before looking for work again: at once under backlog, milliseconds while work comes, backing off
/// while none does.
///
/// A value without a clock. The waits after an empty look grow by half each time, from the shortest to the longest:
/// with 2 ms and 500 ms that takes 14 looks and one and a half seconds.
package struct PollSchedule: Sendable, Equatable {
    /// What the last look found.
    package enum Finding: Sendable, Equatable {
        /// As much as one look may take: there is more.
        case full
        /// Something, and then the end.
        case some
        /// Nothing.
        case nothing
    }

    /// The wait after a look that found something, and the first wait after one that found nothing.
    package let shortest: Duration
    /// The longest wait.
    package let longest: Duration
    private var idle: Duration

    /// Starts as if work had just come.
    ///
    /// - Parameters:
    ///   - shortest: more than zero.
    ///   - longest: at least `shortest`.
    package init(shortest: Duration = .milliseconds(2), longest: Duration = .milliseconds(500)) {
        precondition(shortest > .zero && longest >= shortest, "polling every \(shortest) to \(longest)")
        self.shortest = shortest
        self.longest = longest
        self.idle = shortest
    }

    /// Says how long to wait before the next look.
    ///
    /// - Parameters:
    ///   - finding: what the look found.
    ///   - cost: how long the look took. The wait after a look that was not full is at least three times as long, so
    ///     that looking takes a quarter of a core at most, however many cursors there are.
    /// - Returns: the wait; zero to look at once.
    package mutating func wait(after finding: Finding, cost: Duration) -> Duration {
        switch finding {
        case .full:
            self.idle = self.shortest
            return .zero
        case .some:
            self.idle = self.shortest
            return min(max(self.shortest, cost * 3), self.longest)
        case .nothing:
            let wait = min(max(self.idle, cost * 3), self.longest)
            self.idle = min(self.idle * 3 / 2, self.longest)
            return wait
        }
    }
}
