/// What a limit says to one request.
package struct RateDecision: Equatable, Sendable {
    /// Whether the request is inside the limit.
    package let isAdmitted: Bool
    /// Requests that would still be admitted at once after this one; 0 if this one is refused, `Int.max` without a limit.
    package let remaining: Int
    /// When to come again; 0 if admitted, else at least 1.
    package let retryAfterNanoseconds: Int64

    /// What is said where there is no limit.
    package static let unlimited = RateDecision(isAdmitted: true, remaining: .max, retryAfterNanoseconds: 0)

    /// Joins the three facts as they are.
    package init(isAdmitted: Bool, remaining: Int, retryAfterNanoseconds: Int64) {
        self.isAdmitted = isAdmitted
        self.remaining = remaining
        self.retryAfterNanoseconds = retryAfterNanoseconds
    }

    /// The wait in whole seconds, rounded up: 0 if admitted, else at least 1.
    ///
    /// Source: RFC 9110, section 10.2.3 (`Retry-After` is a whole number of seconds).
    package var retryAfterSeconds: Int {
        guard !self.isAdmitted else { return 0 }
        let (seconds, rest) = self.retryAfterNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return max(1, Int(seconds) + (rest > 0 ? 1 : 0))
    }
}
