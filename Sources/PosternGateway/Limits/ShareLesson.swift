package import PosternModel

/// What one budget learns from an exchange.
package struct ShareLesson: Equatable, Sendable {
    /// The organization or endpoint that is limited.
    package let subject: UniqueID
    /// Requests other gateways admitted since the last lesson.
    package let othersAdmitted: Int64
    /// The largest debt another gateway has now.
    package let othersDebtNanoseconds: Int64
    /// Gateways that were asked lately, this one always included.
    package let sharers: Int
    /// This gateway's place among them, from 0; another one with each exchange.
    package let rank: Int

    /// Joins the values.
    package init(subject: UniqueID, othersAdmitted: Int64, othersDebtNanoseconds: Int64, sharers: Int, rank: Int) {
        self.subject = subject
        self.othersAdmitted = othersAdmitted
        self.othersDebtNanoseconds = othersDebtNanoseconds
        self.sharers = sharers
        self.rank = rank
    }
}
