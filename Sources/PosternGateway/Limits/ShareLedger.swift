package import PosternModel

/// What other gateways told so far, from which follows what is new in what they tell now: values only, no clock.
///
/// Other gateways tell sums, so a lost exchange loses nothing and a repeated one adds nothing. What was admitted before
/// this gateway looked for the first time is not charged again: the debt it left is what counts then.
package struct ShareLedger: Sendable {
    /// What another gateway told last.
    private struct Sighting {
        var admitted: Int64
        var at: Int64
    }

    private let own: UniqueID
    private let sightingLimit: Int
    /// By subject, then by gateway; a subject that is there has had its first lesson.
    private var sightings: [UniqueID: [UniqueID: Sighting]] = [:]
    /// How many sightings there are.
    package private(set) var sightingCount = 0

    /// The most requests one lesson charges: 2^40 of the cheapest are a week of the fastest limit there is.
    private static let chargeLimit: Int64 = 1 << 40
    /// For how long a gateway that says nothing about a subject is remembered, in nanoseconds.
    package static let memoryNanoseconds: Int64 = 600_000_000_000

    /// Makes an empty ledger of the gateway `own`.
    ///
    /// - Parameters:
    ///   - own: the gateway that learns.
    ///   - sightingLimit: how many pairs of subject and gateway are remembered; what another tells beyond that is not
    ///     charged.
    package init(own: UniqueID, sightingLimit: Int = 1_000_000) {
        self.own = own
        self.sightingLimit = sightingLimit
    }

    /// The subjects that had a lesson, in no order.
    package var subjects: [UniqueID] { Array(self.sightings.keys) }

    /// Whether a subject has had its first lesson.
    package func hasLearned(_ subject: UniqueID) -> Bool { self.sightings[subject] != nil }

    /// Works out what each subject learns.
    ///
    /// - Parameters:
    ///   - subjects: those with a budget here, each once; entries of others are passed over.
    ///   - answer: what the exchange gave.
    ///   - freshness: how old another gateway's entry may be to count as asked lately.
    ///   - now: nanoseconds of a monotonic clock.
    ///   - requestNanoseconds: the time one request of a subject earns back; 0 without a limit.
    /// - Returns: one lesson for each subject, in their order.
    package mutating func reconcile(
        _ subjects: [UniqueID],
        _ answer: ShareAnswer,
        freshness: Duration,
        now: Int64,
        requestNanoseconds: (UniqueID) -> Int64
    ) -> [ShareLesson] {
        var entries: [UniqueID: [ShareEntry]] = [:]
        for entry in answer.entries where entry.gateway != self.own {
            entries[entry.subject, default: []].append(entry)
        }
        let alive = Set(answer.gateways)
        let freshMicroseconds = Int64(freshness / .microseconds(1))
        return subjects.map { subject in
            guard let told = entries[subject] else {
                if self.sightings[subject] == nil { self.sightings[subject] = [:] }
                return ShareLesson(
                    subject: subject,
                    othersAdmitted: 0,
                    othersDebtNanoseconds: 0,
                    sharers: 1,
                    rank: 0
                )
            }
            let admitted = self.charge(told, subject, requestNanoseconds(subject), now: now)
            let sharers = told.lazy.filter { $0.ageMicroseconds <= freshMicroseconds && alive.contains($0.gateway) }
                .map(\.gateway)
            // This gateway counts even if it was not asked: its share must be there when it is.
            let others = Set(sharers)
            let place = others.count { $0 < self.own }
            return ShareLesson(
                subject: subject,
                othersAdmitted: admitted,
                othersDebtNanoseconds: Self.nanoseconds(told.lazy.map(\.debtMicroseconds).max() ?? 0),
                sharers: others.count + 1,
                rank: Self.rotated(place, by: answer.epoch, of: others.count + 1)
            )
        }
    }

    /// Notes what others told about a subject, and gives what of it is new.
    private mutating func charge(
        _ told: [ShareEntry],
        _ subject: UniqueID,
        _ requestNanoseconds: Int64,
        now: Int64
    ) -> Int64 {
        let isFirstLesson = self.sightings[subject] == nil
        var known = self.sightings[subject] ?? [:]
        var sum: Int64 = 0
        for entry in told {
            let last = known[entry.gateway]
            if last == nil, self.sightingCount >= self.sightingLimit { continue }
            if let last, entry.admitted >= last.admitted {
                sum += min(entry.admitted - last.admitted, Self.chargeLimit)
            } else if !isFirstLesson {
                // A gateway that has begun to count since: all it admitted is news, but what time has paid for.
                let owed = Self.requests(in: Self.nanoseconds(entry.debtMicroseconds), requestNanoseconds)
                sum += min(entry.admitted, owed, Self.chargeLimit)
            }
            if last == nil { self.sightingCount += 1 }
            known[entry.gateway] = Sighting(admitted: entry.admitted, at: now)
            sum = min(sum, Self.chargeLimit)
        }
        self.sightings[subject] = known
        return sum
    }

    /// Forgets subjects without a budget, and gateways that said nothing for ten minutes.
    ///
    /// - Complexity: O(n) in what is remembered; call it once a minute.
    package mutating func prune(now: Int64, keeping isKept: (UniqueID) -> Bool) {
        self.sightings = self.sightings.filter { isKept($0.key) }
            .mapValues { known in
                known.filter { now.subtractingReportingOverflow($0.value.at).partialValue < Self.memoryNanoseconds }
            }
        self.sightingCount = self.sightings.values.reduce(0) { $0 + $1.count }
    }

    /// How many requests a debt stands for, rounded up.
    private static func requests(in nanoseconds: Int64, _ requestNanoseconds: Int64) -> Int64 {
        guard requestNanoseconds > 0 else { return 0 }
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: requestNanoseconds)
        return quotient + (remainder > 0 ? 1 : 0)
    }

    private static func nanoseconds(_ microseconds: Int64) -> Int64 {
        let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product
    }

    private static func rotated(_ place: Int, by epoch: Int64, of count: Int) -> Int {
        let turn = Int(epoch % Int64(count))
        return (place + (turn < 0 ? turn + count : turn)) % count
    }
}
