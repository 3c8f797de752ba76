internal import PosternModel

/// The order in which a settlement changes rows that others may change too.
struct SettlementPlan {
    /// A lane and a destination.
    struct Pair: Hashable, Comparable {
        let lane: Lane
        let destination: DestinationID

        static func < (left: Pair, right: Pair) -> Bool {
            left.lane == right.lane ? left.destination < right.destination : left.lane < right.lane
        }
    }

    /// What happens to one cursor.
    struct Step {
        let pair: Pair
        let fence: Int64
        /// Where it goes; `nil` where only retries are counted.
        let move: DestinationMove?
        /// How many retries were delivered.
        let recovered: Int64
        /// How many became dead letters.
        let exhausted: Int64
    }

    /// What happens to one row of the retry queue.
    enum Change {
        case finished(RetryEnd)
        case postponed(PostponedDelivery)

        /// The row as it was read.
        var row: RetryRow {
            switch self {
            case .finished(let end): end.row
            case .postponed(let postponed): postponed.row
            }
        }
    }

    /// The cursors, in the order of lane and destination.
    let steps: [Step]
    /// The rows of the retry queue, in the order of lane and identifier.
    let changes: [Change]
    /// The accounts whose first event may have become another, in order.
    let turns: [BlockedAccount]
    /// The ends of replays of dead letters, in the order of those.
    let replays: [RetryEnd]

    /// Sorts a settlement.
    init(_ settlement: DeliverySettlement) {
        self.steps = Self.steps(of: settlement)
        self.changes = (settlement.finished.map(Change.finished) + settlement.postponed.map(Change.postponed)).sorted {
            ($0.row.lane, $0.row.id) < ($1.row.lane, $1.row.id)
        }
        self.turns = Self.turns(of: settlement)
        self.replays = settlement.finished.filter { $0.row.deadLetter != nil }.sorted {
            ($0.row.lane, $0.row.deadLetter?.id ?? $0.row.id.id) < ($1.row.lane, $1.row.deadLetter?.id ?? $1.row.id.id)
        }
    }

    private static func steps(of settlement: DeliverySettlement) -> [Step] {
        var moves: [Pair: [DestinationMove]] = [:]
        for move in settlement.moves {
            moves[Pair(lane: move.lane, destination: move.destination), default: []].append(move)
        }
        var ends: [Pair: (recovered: Int64, exhausted: Int64)] = [:]
        // The counters follow the log: what somebody asked for again is not among them.
        for end in settlement.finished where !end.row.isReplay {
            let pair = Pair(lane: end.row.lane, destination: end.row.destination)
            switch end.how {
            case .delivered: ends[pair, default: (0, 0)].recovered += 1
            case .buried: ends[pair, default: (0, 0)].exhausted += 1
            }
        }
        var fences: [Lane: Int64] = [:]
        for lease in settlement.leases { fences[lease.lane] = lease.fence }
        var steps: [Step] = []
        for pair in Set(moves.keys).union(ends.keys).sorted() {
            guard let fence = fences[pair.lane] else {
                preconditionFailure("a settlement of lane \(pair.lane) without its lease")
            }
            var counts = ends[pair, default: (0, 0)]
            for move in moves[pair] ?? [] {
                steps.append(
                    Step(pair: pair, fence: fence, move: move, recovered: counts.recovered, exhausted: counts.exhausted)
                )
                counts = (0, 0)
            }
            guard counts != (0, 0) else { continue }
            steps.append(
                Step(pair: pair, fence: fence, move: nil, recovered: counts.recovered, exhausted: counts.exhausted)
            )
        }
        return steps
    }

    /// An account needs a look when its first event went, and when one was added that waits: the one it was to wait for
    /// may have gone meanwhile.
    private static func turns(of settlement: DeliverySettlement) -> [BlockedAccount] {
        var turns: Set<BlockedAccount> = []
        for end in settlement.finished {
            guard let account = end.row.account else { continue }
            turns.insert(BlockedAccount(lane: end.row.lane, destination: end.row.destination, account: account))
        }
        for retry in settlement.retries where retry.scheduledAt == nil {
            guard let account = retry.account else { continue }
            let content = retry.content
            turns.insert(BlockedAccount(lane: content.lane, destination: content.destination, account: account))
        }
        return turns.sorted { ($0.lane, $0.destination, $0.account) < ($1.lane, $1.destination, $1.account) }
    }
}
