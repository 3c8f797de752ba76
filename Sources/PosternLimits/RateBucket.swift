/// How much of a limit one subject has used: the generic cell rate algorithm, in one number.
///
/// The number is the time at which the bucket will be full again ("theoretical arrival time"). What lies between now and
/// then is the *debt*: one ``RateLimit/intervalNanoseconds`` for each request that was used and not yet earned back.
/// A request is admitted if it fits: debt + interval ≤ burst × interval.
///
/// Times are nanoseconds of any clock and may be any `Int64`; differences wrap, so a clock may even pass `Int64.max`. A
/// bucket knows only the one number: to it, a clock that goes back looks like more debt (never like less), up to the cap.
/// ``BudgetState`` and ``BucketTable`` remember the latest time and pass no earlier one.
///
/// Source: ITU-T I.371, annex A (GCRA, virtual scheduling).
package struct RateBucket: Equatable, Sendable {
    /// Debt beyond this many bursts and one request is forgotten, so that no flood locks a subject out for long.
    package static let debtCapBursts: Int64 = 10
    /// The most debt any bucket holds, 219 years: more than the largest burst, and half of what wrapping can tell apart.
    static let longestDebtNanoseconds: Int64 = 1 << 62 + 1 << 61
    /// Stands for "full" whatever the time is.
    static let full = Int64.min

    /// When the bucket is full again, or ``full``.
    private(set) var fullAt: Int64

    /// Makes a full bucket.
    package init() { self.fullAt = Self.full }

    /// Takes a bucket up again that is full at a time, or at ``full``.
    init(fullAt: Int64) { self.fullAt = fullAt }

    /// Admits a request and charges it, or refuses it and charges nothing.
    package mutating func take(_ limit: RateLimit, now: Int64) -> RateDecision {
        let decision = self.decision(limit, now: now)
        if decision.isAdmitted {
            self.charge(limit, now: now)
        } else {
            // Writes the cap down: after a clock went back, the wait is what was answered and not the step back.
            self.charge(limit, now: now, count: 0)
        }
        return decision
    }

    /// Charges requests whether they fit or not; debt beyond the cap is forgotten.
    ///
    /// - Parameters:
    ///   - limit: the limit in force.
    ///   - now: the time.
    ///   - count: how many requests; a negative count charges none.
    package mutating func charge(_ limit: RateLimit, now: Int64, count: Int = 1) {
        let cap = limit.debtCapNanoseconds
        let (cost, isHuge) = limit.intervalNanoseconds.multipliedReportingOverflow(by: Int64(max(0, count)))
        let debt = self.debt(limit, now: now)
        self.setDebt(nanoseconds: isHuge || cost >= cap - debt ? cap : debt + cost, now: now)
    }

    /// Undoes one take; a bucket is never more than full.
    package mutating func giveBack(_ limit: RateLimit, now: Int64) {
        self.setDebt(nanoseconds: self.debt(limit, now: now) - limit.intervalNanoseconds, now: now)
    }

    /// Says how many requests fit at once.
    package func remaining(_ limit: RateLimit, now: Int64) -> Int {
        let left = limit.capacityNanoseconds - self.debt(limit, now: now)
        return left > 0 ? Int(left / limit.intervalNanoseconds) : 0
    }

    /// Says what ``take(_:now:)`` would say, without taking.
    package func decision(_ limit: RateLimit, now: Int64) -> RateDecision {
        Self.decision(
            debt: self.debt(limit, now: now),
            cost: limit.intervalNanoseconds,
            capacity: limit.capacityNanoseconds
        )
    }

    /// What is used up, as the time that would earn it back; 0 if full.
    package func debtNanoseconds(now: Int64) -> Int64 {
        guard self.fullAt != Self.full else { return 0 }
        return min(max(0, self.fullAt &- now), Self.longestDebtNanoseconds)
    }

    /// Replaces the debt; what is below zero counts as full.
    package mutating func setDebt(nanoseconds: Int64, now: Int64) {
        guard nanoseconds > 0 else {
            self.fullAt = Self.full
            return
        }
        let fullAt = now &+ min(nanoseconds, Self.longestDebtNanoseconds)
        // One nanosecond more where the sum happens to be the mark for "full".
        self.fullAt = fullAt == Self.full ? fullAt &+ 1 : fullAt
    }

    /// Goes over to another limit and keeps the number of requests used, up to the new burst.
    package mutating func convert(from old: RateLimit, to new: RateLimit, now: Int64) {
        let used = Int128(self.debt(old, now: now)) * Int128(new.intervalNanoseconds)
        let interval = Int128(old.intervalNanoseconds)
        // Rounded up: a change of limits gives nothing away.
        let debt = min((used + interval - 1) / interval, Int128(new.capacityNanoseconds))
        self.setDebt(nanoseconds: Int64(debt), now: now)
    }

    /// Judges one request by its cost and the most debt that may stand after it, all in nanoseconds.
    static func decision(debt: Int64, cost: Int64, capacity: Int64) -> RateDecision {
        let left = capacity - cost - debt
        guard left >= 0 else {
            return RateDecision(isAdmitted: false, remaining: 0, retryAfterNanoseconds: -left)
        }
        return RateDecision(isAdmitted: true, remaining: Int(left / cost), retryAfterNanoseconds: 0)
    }

    private func debt(_ limit: RateLimit, now: Int64) -> Int64 {
        min(self.debtNanoseconds(now: now), limit.debtCapNanoseconds)
    }
}
