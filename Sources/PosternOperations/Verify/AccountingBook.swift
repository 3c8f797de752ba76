package import PosternModel
package import PosternStore

/// What the accounting has found.
package struct AccountingBook: Sendable {
    /// The rows that break a rule, the first ones of them.
    package private(set) var faults: [AccountingFault] = []
    /// How many rows break each rule; of some rules no more than the limit are looked for.
    package private(set) var faultCounts: [AccountingRule: Int] = [:]
    /// How many rows nothing can be said of, by the reason.
    package private(set) var unprovable: [UnprovableReason: Int64] = [:]
    /// When the snapshot was taken.
    package let snapshotAt: Timestamp
    /// The first moment looked at; `nil` when there is no day.
    package let since: Timestamp?
    /// The most faults that are kept.
    package let limit: Int
    private var balances: [OrganizationID: OrganizationBalance] = [:]
    private var destinationBalances: [DestinationID: DestinationBalance] = [:]

    /// Starts empty.
    package init(snapshotAt: Timestamp, since: Timestamp?, limit: Int) {
        self.snapshotAt = snapshotAt
        self.since = since
        self.limit = limit
    }

    /// Whether no row breaks a rule and each organization's deliveries add up.
    package var isBalanced: Bool {
        self.faultCounts.isEmpty && self.balances.values.allSatisfy { balance in balance.isBalanced }
    }

    /// What became of deliveries, in the order of the organizations.
    package var organizations: [OrganizationBalance] {
        self.balances.values.sorted { $0.organization < $1.organization }
    }

    /// What became of events, in the order of organizations and names.
    ///
    /// A deleted destination is among them for as long as there are dead letters of it, or events that wait for it.
    package var destinations: [DestinationBalance] {
        self.destinationBalances.values
            .filter { balance in !balance.isDeleted || balance.letters > 0 || balance.retrying > 0 }
            .sorted { left, right in
                (left.organization, left.name, left.destination) < (right.organization, right.name, right.destination)
            }
    }

    /// Changes an organization's balance.
    package mutating func change(_ organization: OrganizationID, _ change: (inout OrganizationBalance) -> Void) {
        change(&self.balances[organization, default: OrganizationBalance(organization)])
    }

    /// Takes in the books of a destination in one lane.
    package mutating func add(_ account: DestinationAccount) {
        guard self.destinationBalances[account.destination] != nil else {
            self.destinationBalances[account.destination] = DestinationBalance(account)
            return
        }
        self.destinationBalances[account.destination]?.add(account)
    }

    /// Notes a row that breaks a rule.
    package mutating func note(_ fault: AccountingFault) {
        self.faultCounts[fault.rule, default: 0] += 1
        if self.faults.count < self.limit { self.faults.append(fault) }
    }

    /// Notes a row that nothing can be said of.
    package mutating func note(_ reason: UnprovableReason) { self.unprovable[reason, default: 0] += 1 }
}
