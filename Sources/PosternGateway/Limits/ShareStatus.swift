/// How this gateway shares limits with others, for the health report.
///
/// Degraded is never failing: requests are admitted and refused all the same.
package struct ShareStatus: Equatable, Sendable {
    /// Through what limits are shared.
    package enum Shares: String, Sendable, CaseIterable {
        /// Nothing was exchanged yet, or not for a while: each gateway keeps its part by itself.
        case local
        case postgres
        case redis
    }

    /// What is in use.
    package let shares: Shares
    /// What should be in use.
    package let preferred: Shares
    /// Gateways that share limits, as last known, this one included.
    package let gateways: Int
    /// Why ``shares`` is not ``preferred``; `nil` while it is, and before the first exchange ended.
    package let failure: String?

    /// Joins the values.
    package init(shares: Shares, preferred: Shares, gateways: Int, failure: String?) {
        self.shares = shares
        self.preferred = preferred
        self.gateways = gateways
        self.failure = failure
    }

    /// Whether limits hold less exactly than they should.
    package var isDegraded: Bool { self.failure != nil }
}
