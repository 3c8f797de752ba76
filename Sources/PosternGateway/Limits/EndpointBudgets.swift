/// The limits one endpoint's requests meet, found with the endpoint and not looked up again.
///
/// Immutable; the budgets behind it are shared.
package final class EndpointBudgets: Sendable {
    /// Requests that failed verification.
    package let unverified: Budget
    /// Verified requests of the endpoint.
    package let endpoint: Budget
    /// Verified requests of its organization.
    package let organization: Budget
    /// The organization's part of what is in memory.
    package let share: OrganizationShare

    /// Joins the budgets.
    package init(unverified: Budget, endpoint: Budget, organization: Budget, share: OrganizationShare) {
        self.unverified = unverified
        self.endpoint = endpoint
        self.organization = organization
        self.share = share
    }
}
