import PosternConsumer

/// What survives a crash in a ``DeliverySimulation``: one ordered destination's cursor, retry queue and dead letters in
/// one lane, changed by whole transactions.
struct SimulatedStore {
    /// An event of the lane.
    struct Event {
        let number: Int64
        let account: String?
        let isWanted: Bool
    }

    /// An event in the retry queue.
    struct Row: Equatable {
        let number: Int64
        let account: String?
        var attempt: Int
        /// `nil` while an earlier event of the account is in the queue.
        var due: Int?
    }

    /// What became of a row.
    enum End {
        case delivered
        case buried
        case postponed(due: Int)
    }

    /// One settlement.
    struct Settlement {
        var move: DeliveryWindow.Move?
        var rows: [Row] = []
        var letters: [Int64] = []
        var ends: [(number: Int64, end: End)] = []
    }

    /// This organization's events of the lane, in order.
    let events: [Event]
    private(set) var cursor: Int64 = 0
    private(set) var counts: [String: Int64] = [:]
    private(set) var queue: [Row] = []
    private(set) var letters: Set<Int64> = []

    init(events: [Event]) { self.events = events }

    /// The accounts with rows in the queue.
    var blockedAccounts: Set<String> { Set(self.queue.compactMap(\.account)) }

    /// Stores a settlement and names the accounts of which the queue holds nothing at the end.
    mutating func store(_ settlement: Settlement, now: Int) -> [String] {
        if let move = settlement.move {
            precondition(move.from == self.cursor, "a move from \(move.from) at \(self.cursor)")
            self.cursor = move.to
            self.counts["delivered", default: 0] += move.delivered
            self.counts["handed", default: 0] += move.handed
            self.counts["buried", default: 0] += move.buried
            self.counts["unsubscribed", default: 0] += move.unsubscribed
        }
        self.letters.formUnion(settlement.letters)
        self.queue += settlement.rows
        self.queue.sort { $0.number < $1.number }
        for (number, end) in settlement.ends {
            guard let place = self.queue.firstIndex(where: { $0.number == number }) else { continue }
            switch end {
            case .postponed(let due):
                self.queue[place].attempt += 1
                self.queue[place].due = due
                continue
            case .delivered: self.counts["recovered", default: 0] += 1
            case .buried:
                self.counts["exhausted", default: 0] += 1
                self.letters.insert(number)
            }
            self.queue.remove(at: place)
        }
        self.wakeFirst(now: now)
        let ended = Set(settlement.ends.map(\.number))
        let accounts = Set(self.events.filter { ended.contains($0.number) }.compactMap(\.account))
        return accounts.subtracting(self.blockedAccounts).sorted()
    }

    /// The first row of each account is due at some time, the others wait for it.
    private mutating func wakeFirst(now: Int) {
        var seen: Set<String> = []
        for place in self.queue.indices {
            guard let account = self.queue[place].account else { continue }
            if !seen.insert(account).inserted {
                self.queue[place].due = nil
            } else if self.queue[place].due == nil {
                self.queue[place].due = now
            }
        }
    }
}
