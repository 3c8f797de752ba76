internal import Synchronization

/// The budgets that were asked since the last exchange with other gateways.
///
/// Any thread. A budget is noted once for each exchange, so it costs nothing per request.
package final class AskedBudgets: Sendable {
    private let budgets = Mutex<[Budget]>([])

    /// Makes an empty list.
    package init() {}

    /// Adds a budget.
    package func note(_ budget: Budget) { self.budgets.withLock { budgets in budgets.append(budget) } }

    /// Hands over the list and starts again.
    package func drain() -> [Budget] {
        self.budgets.withLock { budgets in
            let drained = budgets
            budgets.removeAll(keepingCapacity: true)
            return drained
        }
    }
}
