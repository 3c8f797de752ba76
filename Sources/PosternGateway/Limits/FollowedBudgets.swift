internal import PosternLimits
package import PosternModel

/// The budgets that were asked lately: what is told to other gateways, and learns from them.
///
/// A value without a clock. Holds each budget once, so it is as large as the book at most.
package struct FollowedBudgets: Sendable {
    private struct Followed {
        let budget: Budget
        var askedAt: Int64
        /// Whether it was asked since others were last told.
        var isUntold: Bool
    }

    private var followed: [UniqueID: Followed] = [:]
    private let memoryNanoseconds: Int64

    /// Makes an empty list.
    ///
    /// `memory`: for how long a budget is followed after it was last asked.
    package init(memory: Duration = ShareRhythm.following) {
        self.memoryNanoseconds = Int64(memory / .nanoseconds(1))
    }

    /// How many there are.
    package var count: Int { self.followed.count }

    /// The budgets, in no order.
    package var budgets: [Budget] { self.followed.values.map(\.budget) }

    /// Notes budgets that were asked, and lets go of those that were not for a while.
    package mutating func note(_ asked: [Budget], now: Int64) {
        for budget in asked { self.followed[budget.subject] = Followed(budget: budget, askedAt: now, isUntold: true) }
        self.followed = self.followed.filter { _, budget in
            budget.isUntold
                || now.subtractingReportingOverflow(budget.askedAt).partialValue < self.memoryNanoseconds
        }
    }

    /// What to tell of each, in no order.
    ///
    /// - Parameters:
    ///   - now: the time budgets are measured by.
    ///   - isNew: whether this gateway has not heard of others about a subject.
    /// - Returns: one report for each budget.
    package func reports(now: Int64, isNew: (UniqueID) -> Bool) -> [ShareReport] {
        self.followed.map { subject, followed in
            let report = followed.budget.withState { state in state.report(now: now) }
            return ShareReport(
                subject: subject,
                organization: followed.budget.organization,
                admitted: report.admitted,
                // Rounded up: a debt that is there is never told as none.
                debtMicroseconds: report.debtNanoseconds / 1000 + (report.debtNanoseconds % 1000 > 0 ? 1 : 0),
                wasAsked: followed.isUntold,
                isNew: isNew(subject)
            )
        }
    }

    /// Notes that others were told.
    package mutating func told(_ reports: [ShareReport]) {
        for report in reports { self.followed[report.subject]?.isUntold = false }
    }
}
