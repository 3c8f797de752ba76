package import PosternModel

/// What this gateway tells the others about one limit.
package struct ShareReport: Equatable, Sendable {
    /// The organization or endpoint that is limited.
    package let subject: UniqueID
    /// The organization it belongs to.
    package let organization: OrganizationID
    /// Requests admitted since the budget was made; never falls.
    package let admitted: Int64
    /// How long until the bucket is full again.
    package let debtMicroseconds: Int64
    /// Whether it was asked since it was last told: else others know it already, and nothing is written.
    package let wasAsked: Bool
    /// Whether this gateway has not heard of others about it: then what is left of older debts matters too.
    package let isNew: Bool

    /// Joins the values.
    package init(
        subject: UniqueID,
        organization: OrganizationID,
        admitted: Int64,
        debtMicroseconds: Int64,
        wasAsked: Bool = true,
        isNew: Bool = false
    ) {
        self.subject = subject
        self.organization = organization
        self.admitted = admitted
        self.debtMicroseconds = debtMicroseconds
        self.wasAsked = wasAsked
        self.isNew = isNew
    }
}
