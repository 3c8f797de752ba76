/// What a gateway tells the others about one budget.
package struct BudgetReport: Equatable, Sendable {
    /// Requests admitted since the budget was made; never falls, so that writing it twice counts once.
    package let admitted: Int64
    /// The debt as this gateway knows it, at the time of the report.
    package let debtNanoseconds: Int64

    /// Joins the two numbers.
    package init(admitted: Int64, debtNanoseconds: Int64) {
        self.admitted = admitted
        self.debtNanoseconds = debtNanoseconds
    }
}
