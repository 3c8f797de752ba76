import PosternGateway
import PosternLimits
import PosternModel
import Synchronization

/// Budgets for a test, and a clock that it turns by hand.
final class SharedBudgets: BudgetSource {
    private let asked = AskedBudgets()
    private let budgets = Mutex<[UniqueID: Budget]>([:])
    private let time = Atomic<Int64>(1_000_000_000)

    /// Nanoseconds.
    var now: Int64 { self.time.load(ordering: .relaxed) }

    func pass(_ duration: Duration) {
        self.time.add(Int64(duration / .nanoseconds(1)), ordering: .relaxed)
    }

    func drainAsked() -> [Budget] { self.asked.drain() }

    func budget(_ subject: UniqueID) -> Budget? { self.budgets.withLock { $0[subject] } }

    func remove(_ subject: UniqueID) { self.budgets.withLock { $0[subject] = nil } }

    /// Makes a budget of 60 requests a minute, unless a test wants another.
    func add(_ number: UInt64, perMinute: Int = 60, burst: Int = 10) -> Budget {
        let subject = UniqueID(high: 9, low: number)
        let budget = Budget(
            subject: subject,
            organization: OrganizationID(subject),
            tier: .organization,
            policy: LimitPolicy(
                name: "test",
                limit: RateLimit(requestsPerMinute: perMinute, burst: burst),
                isShadow: false
            ),
            asked: self.asked,
            now: self.now
        )
        self.budgets.withLock { $0[subject] = budget }
        return budget
    }

    /// Takes as many requests as are admitted now, and gives how many.
    func drain(_ budget: Budget, atMost limit: Int = 1_000_000) -> Int {
        var count = 0
        while count < limit, budget.take(now: self.now).isAdmitted { count += 1 }
        return count
    }
}
