package import PosternModel

/// A row that breaks a rule.
package struct AccountingFault: Sendable, Equatable {
    package let rule: AccountingRule
    /// Whose row it is; `nil` where it belongs to no organization.
    package let organization: OrganizationID?
    package let lane: Lane?
    /// The row: `delivery 0193…`, `writer 12`.
    package let subject: String
    /// What is wrong with it, for a person; nothing of what a tenant sent.
    package let detail: String

    /// Joins the fields.
    package init(
        _ rule: AccountingRule,
        organization: OrganizationID? = nil,
        lane: Lane? = nil,
        subject: String,
        detail: String
    ) {
        self.rule = rule
        self.organization = organization
        self.lane = lane
        self.subject = subject
        self.detail = detail
    }
}
