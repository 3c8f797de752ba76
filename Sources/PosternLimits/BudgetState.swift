/// One limit as one gateway sees it, shared with other gateways by exchanging counts off the request path.
///
/// A request costs one bucket operation and no exchange. In between, ``report(now:)`` says what this gateway admitted and
/// ``learn(othersAdmitted:othersDebtNanoseconds:sharers:rank:untilNextNanoseconds:now:)`` charges what others admitted,
/// even beyond the burst: too much admitted by all together is repaid by refusing, so the long-run sum is exact. Between
/// two exchanges a gateway admits no more than its *share* of what is left. The README beside this file has the bounds.
///
/// A time earlier than the latest one seen counts as the latest: as if no time had passed. One thread at a time.
package struct BudgetState: Sendable {
    /// After the first exchange, or one after an absence, a budget takes over higher debts of others this many times:
    /// so long it takes until each has heard what each has heard.
    private static let learnsToAgree = 4
    /// After an absence, for so long at least: not every gateway is back at once.
    private static let returningNanoseconds: Int64 = 2_000_000_000
    /// Later, an eighth of what another's debt is higher by, so that no gateway with a lower debt takes everything; within
    /// an eighth of an exchange debts count as equal, since their age is never known exactly.
    private static let agreementParts: Int64 = 8
    /// For so long after a change of limits, others' debts may still be measured by the old one.
    private static let settlingNanoseconds: Int64 = 5_000_000_000
    /// A share is void this long after the third missed exchange.
    private static let graceNanoseconds: Int64 = 1_000_000_000
    private static let longestExchangeNanoseconds: Int64 = 3_600_000_000_000
    private static let gatewayRange = 1...10_000

    /// The limit in force; `nil`: none, everything is admitted and counted.
    package private(set) var limit: RateLimit?
    /// Whether a request asked since the last report.
    package private(set) var wasAskedSinceReport = false

    private var bucket = RateBucket()
    /// When the bucket would be full if it could be more than full since the last exchange: where others' admissions are
    /// charged, as if they had all come right after that exchange.
    private var ledger: Int64
    private var latest: Int64
    private var admitted: Int64 = 0
    private var reported: Int64 = 0
    /// Admissions given back after they were reported: so many are not counted, since a count never falls.
    private var uncounted: Int64 = 0
    /// Gateways alive as far as known; only for times without a valid share.
    private var gateways = 1
    /// How many gateways divide rate and burst without an exchange, or 1: a take costs so many intervals.
    private var divisor = 1
    private var isAlone = false
    private var hasLearned = false
    /// Whether others' counts may still be those of an absence.
    private var isReturning = false
    private var agreeing = Self.learnsToAgree
    /// From when on others' debts may be compared with this one.
    private var comparableFrom = Int64.min
    /// What may still be admitted until the next exchange; `nil`: whatever the bucket holds.
    private var share: Int?
    /// Whether the last request of the share is there by rank.
    private var hasTurn = false
    /// Turns to leave to others since the last one used.
    private var turnsToPass = 0
    private var nextExchange: Int64
    /// From when on the share is void because exchanges are missing.
    private var shareEnds = Int64.max

    /// Makes a full budget, for one gateway until others are mentioned.
    package init(limit: RateLimit?, now: Int64) {
        self.limit = limit
        self.latest = now
        self.ledger = now
        self.nextExchange = now
    }

    // MARK: requests

    /// Admits a request and charges it, or refuses it and charges nothing.
    package mutating func take(now: Int64) -> RateDecision {
        self.advance(to: now)
        self.wasAskedSinceReport = true
        guard let limit = self.limit else {
            self.count()
            return .unlimited
        }
        if self.isShareVoid(at: self.latest) { self.renewShare(limit) }
        let debt = self.bucket.debtNanoseconds(now: self.latest)
        let decision = self.judge(limit, debt: debt, share: self.share, now: self.latest)
        guard decision.isAdmitted else { return decision }
        self.bucket.setDebt(nanoseconds: debt + self.cost(limit), now: self.latest)
        self.ledger &+= limit.intervalNanoseconds
        self.spendShare()
        self.count()
        return decision
    }

    /// Undoes one take; a bucket is never more than full.
    package mutating func giveBack(now: Int64) {
        self.advance(to: now)
        if self.admitted > self.reported { self.admitted -= 1 } else { self.uncounted += 1 }
        guard let limit = self.limit else { return }
        let debt = self.bucket.debtNanoseconds(now: self.latest)
        self.bucket.setDebt(nanoseconds: debt - self.cost(limit), now: self.latest)
        self.ledger &-= limit.intervalNanoseconds
        self.share = self.share.map { $0 + 1 }
    }

    /// Says what ``take(now:)`` would say, without taking.
    package func decision(now: Int64) -> RateDecision {
        guard let limit = self.limit else { return .unlimited }
        let now = max(self.latest, now)
        let share = self.isShareVoid(at: now) ? self.firstShare(limit) : self.share
        return self.judge(limit, debt: self.bucket.debtNanoseconds(now: now), share: share, now: now)
    }

    /// Goes over to another limit and keeps the number of requests used, up to the new burst.
    package mutating func adopt(_ limit: RateLimit?, now: Int64) {
        guard limit != self.limit else { return }
        self.advance(to: now)
        if let old = self.limit, let limit {
            self.bucket.convert(from: old, to: limit, now: self.latest)
            if let share = self.share { self.share = min(share, limit.burst) }
        } else {
            self.bucket = RateBucket()
            self.share = self.isAlone ? nil : limit.flatMap { self.firstShare($0) }
        }
        self.limit = limit
        self.ledger = self.latest &+ self.bucket.debtNanoseconds(now: self.latest)
        self.agreeing = 0
        self.comparableFrom = Self.sum(self.latest, Self.settlingNanoseconds)
    }

    // MARK: exchange

    /// Says how many gateways are alive: what this one admits before it knows its share is divided by as many.
    ///
    /// Says nothing new to a budget that has a share or stands alone.
    package mutating func expectSharers(_ gateways: Int) {
        self.gateways = Self.clamped(gateways)
        guard !self.hasLearned, !self.isAlone, let limit = self.limit else { return }
        self.share = self.firstShare(limit)
    }

    /// Says what to tell other gateways, and that it was told.
    package mutating func report(now: Int64) -> BudgetReport {
        self.advance(to: now)
        self.wasAskedSinceReport = false
        self.reported = self.admitted
        return BudgetReport(
            admitted: self.admitted,
            debtNanoseconds: self.limit == nil ? 0 : self.bucket.debtNanoseconds(now: self.latest)
        )
    }

    /// Charges what other gateways admitted and sets the share until the next exchange.
    ///
    /// - Parameters:
    ///   - othersAdmitted: requests others admitted since the last time; not looked at the first time, when the debt others
    ///     report tells more.
    ///   - othersDebtNanoseconds: the largest debt another gateway reports, as of now.
    ///   - sharers: gateways that were asked lately, this one included.
    ///   - rank: the place of this gateway among them, from 0, another with each exchange: the first ranks share what
    ///     does not divide.
    ///   - untilNextNanoseconds: time to the next exchange.
    ///   - now: the time.
    package mutating func learn(
        othersAdmitted: Int64,
        othersDebtNanoseconds: Int64,
        sharers: Int,
        rank: Int,
        untilNextNanoseconds: Int64,
        now: Int64
    ) {
        self.advance(to: now)
        let sharers = Self.clamped(sharers)
        let untilNext = min(max(0, untilNextNanoseconds), Self.longestExchangeNanoseconds)
        self.gateways = max(self.gateways, sharers)
        if self.isAlone {
            self.agreeing = max(Self.learnsToAgree, Int(Self.returningNanoseconds / max(untilNext, 1_000_000)))
            self.isReturning = true
        }
        if let limit = self.limit {
            let debt = min(max(0, othersDebtNanoseconds), limit.debtCapNanoseconds)
            self.chargeOthers(limit, admitted: othersAdmitted, debt: debt, untilNext: untilNext)
            self.share = self.nextShare(limit, sharers: sharers, rank: rank, untilNext: untilNext)
        } else {
            self.share = nil
        }
        self.divisor = 1
        self.isAlone = false
        self.hasLearned = true
        self.nextExchange = Self.sum(self.latest, untilNext)
        self.shareEnds = Self.sum(self.latest, 3 * untilNext + Self.graceNanoseconds)
    }

    /// Goes on without an exchange: rate and burst are divided by a number of gateways, the burst to 1 at least.
    ///
    /// A take then costs as many requests as there are gateways, so that rates that do not divide are divided exactly, and
    /// the debt stays what it is.
    package mutating func stand(alone gateways: Int, now: Int64) {
        self.advance(to: now)
        self.gateways = Self.clamped(gateways)
        self.divisor = self.gateways
        self.isAlone = true
        self.share = nil
        self.agreeing = Self.learnsToAgree
    }

    // MARK: rules

    private mutating func advance(to now: Int64) { self.latest = max(self.latest, now) }

    private mutating func count() {
        if self.uncounted > 0 { self.uncounted -= 1 } else { self.admitted += 1 }
    }

    private func cost(_ limit: RateLimit) -> Int64 { limit.intervalNanoseconds * Int64(self.divisor) }

    private func judge(_ limit: RateLimit, debt: Int64, share: Int?, now: Int64) -> RateDecision {
        let cost = self.cost(limit)
        let decision = RateBucket.decision(debt: debt, cost: cost, capacity: max(limit.capacityNanoseconds, cost))
        guard let share, share <= 0 else { return decision }
        let untilNext = now < self.nextExchange ? self.nextExchange &- now : 0
        return RateDecision(
            isAdmitted: false,
            remaining: 0,
            retryAfterNanoseconds: max(decision.retryAfterNanoseconds, untilNext, 1)
        )
    }

    private func isShareVoid(at now: Int64) -> Bool { self.hasLearned && !self.isAlone && now > self.shareEnds }

    private mutating func renewShare(_ limit: RateLimit) {
        self.share = self.firstShare(limit)
        self.shareEnds = .max
        self.agreeing = Self.learnsToAgree
    }

    private func firstShare(_ limit: RateLimit) -> Int? {
        self.gateways > 1 ? max(1, limit.burst / self.gateways) : nil
    }

    private mutating func spendShare() {
        guard let share = self.share else { return }
        self.share = share - 1
        guard share == 1, self.hasTurn else { return }
        self.hasTurn = false
        self.turnsToPass = self.gateways - 1
    }

    private mutating func chargeOthers(_ limit: RateLimit, admitted: Int64, debt foreignDebt: Int64, untilNext: Int64) {
        let cap = limit.debtCapNanoseconds
        var debt = min(self.bucket.debtNanoseconds(now: self.latest), cap)
        if self.hasLearned {
            // Others' admissions spread over the time since the last exchange. Charged as one lump now, those of a long
            // absence would lock this gateway out; charged at its beginning, the time since has paid for them.
            let (cost, isHuge) = max(0, admitted).multipliedReportingOverflow(by: limit.intervalNanoseconds)
            let (sum, isHuger) = (self.ledger &- self.latest).addingReportingOverflow(isHuge ? Int64.max : cost)
            // While it was alone, this gateway paid for the others too: their counts leave no debt beyond the burst.
            debt = max(debt, min(isHuger ? cap : sum, self.isReturning ? limit.capacityNanoseconds : cap))
        } else if !self.isAlone {
            // Nobody has heard yet of what this gateway took.
            debt = foreignDebt < cap - debt ? debt + foreignDebt : cap
        }
        if self.latest >= self.comparableFrom {
            let excess = foreignDebt - untilNext / Self.agreementParts - debt
            if self.agreeing > 0 {
                debt = max(debt, foreignDebt)
            } else if excess > 0 {
                debt += max(1, excess / Self.agreementParts)
            }
        }
        debt = min(debt, cap)
        self.bucket.setDebt(nanoseconds: debt, now: self.latest)
        self.ledger = self.latest &+ debt
    }

    private mutating func nextShare(_ limit: RateLimit, sharers: Int, rank: Int, untilNext: Int64) -> Int? {
        let isAgreeing = self.agreeing > 0
        self.agreeing = max(0, self.agreeing - 1)
        if self.agreeing == 0 { self.isReturning = false }
        self.hasTurn = false
        guard sharers > 1 else { return nil }
        let debt = self.bucket.debtNanoseconds(now: self.latest)
        var left = Int(max(0, limit.capacityNanoseconds - debt + untilNext) / limit.intervalNanoseconds)
        if isAgreeing, let unused = self.share {
            // Others may be spending first shares nobody has heard of: no more than this one's, and what is earned back.
            let (sum, isHuge) = unused.multipliedReportingOverflow(by: sharers)
            left = min(left, (isHuge ? limit.burst : max(0, sum)) + Int(untilNext / limit.intervalNanoseconds))
        }
        let (each, rest) = left.quotientAndRemainder(dividingBy: sharers)
        if each > 0 { self.turnsToPass = 0 }
        guard (rank % sharers + sharers) % sharers < rest else { return each }
        // Where the limit earns less than a request per gateway and exchange, ranks that rotate may always come round to
        // the same gateway: whoever used a turn leaves as many to the others as there are others.
        guard self.turnsToPass == 0 else {
            self.turnsToPass = min(self.turnsToPass, sharers) - 1
            return each
        }
        self.hasTurn = true
        return each + 1
    }

    private static func clamped(_ gateways: Int) -> Int {
        min(max(gateways, Self.gatewayRange.lowerBound), Self.gatewayRange.upperBound)
    }

    private static func sum(_ time: Int64, _ wait: Int64) -> Int64 {
        let (sum, overflow) = time.addingReportingOverflow(wait)
        return overflow ? .max : sum
    }
}
