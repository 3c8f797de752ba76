/// The moment a call must be over.
struct Deadline: Comparable, Sendable {
    /// The moment, on the clock that time changes do not touch.
    let instant: ContinuousClock.Instant

    /// The moment `limit` from now; a negative limit has passed already, and one above a year counts as a year.
    init(within limit: Duration) {
        self.instant = ContinuousClock.now.advanced(by: min(max(limit, .zero), .seconds(31_536_000)))
    }

    /// Whether it has passed.
    var hasPassed: Bool { ContinuousClock.now >= self.instant }

    /// What is left, in whole milliseconds for `poll`, rounded up so that nobody wakes early; 0 when it has passed.
    var remainingMilliseconds: Int32 {
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: self.instant).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
