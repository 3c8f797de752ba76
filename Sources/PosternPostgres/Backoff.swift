/// How long to wait before the next try: doubling, capped, and drawn from the upper half so that many clients spread
/// out.
///
/// With the defaults: 50–100 ms, 100–200 ms, 200–400 ms, … up to 5–10 s, and there it stays.
package struct Backoff: Sendable {
    private let first: Duration
    private let ceiling: Duration
    private var bound: Duration

    /// Starts at `first` and never waits longer than `ceiling`.
    package init(first: Duration = .milliseconds(100), ceiling: Duration = .seconds(10)) {
        precondition(first > .zero && ceiling >= first, "backoff from \(first) to \(ceiling)")
        self.first = first
        self.ceiling = ceiling
        self.bound = first
    }

    /// The wait before the next try, with the system's random numbers.
    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return self.next(using: &generator)
    }

    /// The wait before the next try: between half the present bound and the bound, which then doubles.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let wait = self.bound * Double.random(in: 0.5...1, using: &generator)
        self.bound = min(self.bound * 2, self.ceiling)
        return wait
    }

    /// Starts over after a success.
    package mutating func reset() { self.bound = self.first }
}
