package import PosternModel

/// What another gateway told about one limit.
package struct ShareEntry: Equatable, Sendable {
    /// The organization or endpoint that is limited.
    package let subject: UniqueID
    /// Who told it.
    package let gateway: UniqueID
    /// Requests it admitted since it made its budget.
    package let admitted: Int64
    /// What is left now of the debt it told.
    package let debtMicroseconds: Int64
    /// How long ago it told it, by the store's clock.
    package let ageMicroseconds: Int64

    /// Joins the values; negative ones, which no gateway writes, count as 0.
    package init(
        subject: UniqueID,
        gateway: UniqueID,
        admitted: Int64,
        debtMicroseconds: Int64,
        ageMicroseconds: Int64
    ) {
        self.subject = subject
        self.gateway = gateway
        self.admitted = max(0, admitted)
        self.debtMicroseconds = max(0, debtMicroseconds)
        self.ageMicroseconds = max(0, ageMicroseconds)
    }
}
