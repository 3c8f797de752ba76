/// A point in time: microseconds since 1970-01-01 UTC, as PostgreSQL keeps it.
///
/// A value: reading the clock is the caller's business (``Timestamp/now()`` is the one place that does).
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before.
    package let microseconds: Int64

    /// Wraps microseconds since 1970.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Wraps whole seconds since 1970; saturates instead of overflowing.
    package init(seconds: Int64) {
        let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.microseconds = overflow ? (seconds < 0 ? .min : .max) : value
    }

    /// Wraps whole milliseconds since 1970; saturates instead of overflowing.
    package init(milliseconds: Int64) {
        let (value, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        self.microseconds = overflow ? (milliseconds < 0 ? .min : .max) : value
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 {
        let (quotient, remainder) = self.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The distance from `earlier` to `self` in microseconds; saturates.
    package func microseconds(since earlier: Timestamp) -> Int64 {
        let (value, overflow) = self.microseconds.subtractingReportingOverflow(earlier.microseconds)
        return overflow ? (self.microseconds < 0 ? .min : .max) : value
    }

    /// The point `duration` later; saturates.
    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, tooLate) = self.microseconds.addingReportingOverflow(
            tooLong ? (seconds < 0 ? .min : .max) : whole + attoseconds / 1_000_000_000_000
        )
        return Timestamp(microseconds: tooLate ? (seconds < 0 ? .min : .max) : sum)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}
