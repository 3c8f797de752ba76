package import PosternModel

/// Where the exchange finds the budgets that gateways share.
package protocol BudgetSource: Sendable {
    /// The budgets that were asked since the last time.
    func drainAsked() -> [Budget]

    /// The shared budget of an organization or endpoint; `nil` for what this gateway does not know.
    func budget(_ subject: UniqueID) -> Budget?
}
