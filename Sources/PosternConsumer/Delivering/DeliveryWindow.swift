package import PosternModel

/// The events of one lane and destination between the stored cursor and the last one read: what decides how far the
/// cursor may move.
///
/// It moves over the contiguous settled part only. Events may be settled in any order; what is settled behind one that
/// is pending waits for it, as a sum and not as entries. So the memory is that of the pending events: runs of events
/// nobody subscribed to, numbers of other organizations and settled events between two pending ones are counts.
///
/// A move is taken, stored in one transaction with everything that was settled at the numbers it covers, and then
/// committed or rolled back; one move at a time. What a crash repeats is ``inWindow`` events at most.
package struct DeliveryWindow: Sendable {
    /// What is known of an event when it is read.
    package enum Fate: Sendable, Equatable {
        /// No subscription asks for it.
        case unsubscribed
        /// It is to be delivered.
        case pending
    }

    /// What became of an event at its first attempt.
    package enum Settled: Sendable, Equatable {
        case delivered
        /// It waits in the retry queue.
        case handed
        /// It is a dead letter.
        case buried
    }

    /// A step of the cursor, with what the events in (`from`, `to`] became.
    package struct Move: Sendable, Equatable {
        /// Where the cursor stands.
        package let from: Int64
        /// Where it is to stand.
        package let to: Int64
        /// When what is at `to` was stored.
        package let storedAt: Timestamp
        package let delivered: Int64
        package let handed: Int64
        package let buried: Int64
        package let unsubscribed: Int64

        /// Joins the values.
        package init(
            from: Int64,
            to: Int64,
            storedAt: Timestamp,
            delivered: Int64 = 0,
            handed: Int64 = 0,
            buried: Int64 = 0,
            unsubscribed: Int64 = 0
        ) {
            self.from = from
            self.to = to
            self.storedAt = storedAt
            self.delivered = delivered
            self.handed = handed
            self.buried = buried
            self.unsubscribed = unsubscribed
        }

        /// How many events of the destination's organization the step covers; 0 if it only passes numbers of others.
        package var events: Int64 { self.delivered + self.handed + self.buried + self.unsubscribed }
    }

    /// A number of the lane and when what is there was stored.
    private struct Position {
        var number: Int64
        var storedAt: Timestamp
    }

    /// How many events became what, up to a position.
    private struct Run {
        var end: Position
        var delivered: Int64 = 0
        var handed: Int64 = 0
        var buried: Int64 = 0
        var unsubscribed: Int64 = 0

        mutating func count(_ settled: Settled) {
            switch settled {
            case .delivered: self.delivered += 1
            case .handed: self.handed += 1
            case .buried: self.buried += 1
            }
        }

        /// Adds what lies behind.
        mutating func join(_ next: Run) {
            self.end = next.end
            self.delivered += next.delivered
            self.handed += next.handed
            self.buried += next.buried
            self.unsubscribed += next.unsubscribed
        }
    }

    /// A pending event, and what lies between it and the next one.
    private struct Pending {
        let number: Int64
        let storedAt: Timestamp
        var after: Run
    }

    /// How many events were added as pending and are not covered by a committed move: what a crash would repeat.
    package private(set) var inWindow = 0
    /// Where the stored cursor stands.
    private var stored: Int64
    /// The part that is on its way to be stored.
    private var proposed: Run?
    /// The settled part behind the stored cursor, or behind the proposed move.
    private var settled: Run
    /// In the order of their numbers.
    private var entries: [Pending] = []

    /// Starts at a stored cursor.
    package init(number: Int64, storedAt: Timestamp) {
        self.stored = number
        self.settled = Run(end: Position(number: number, storedAt: storedAt))
    }

    /// The number up to which the lane was read, and when what is there was stored: where to read on.
    package var lastRead: (number: Int64, storedAt: Timestamp) {
        let end = self.entries.last?.after.end ?? self.settled.end
        return (end.number, end.storedAt)
    }

    /// How many events are not settled.
    package var pending: Int { self.entries.count }

    /// The first event that is not settled: what the cursor waits for, and the measure of the destination's lag.
    package var oldestPending: (number: Int64, storedAt: Timestamp)? {
        self.entries.first.map { ($0.number, $0.storedAt) }
    }

    /// Whether a move was taken and neither committed nor rolled back.
    package var isMoving: Bool { self.proposed != nil }

    /// What ``takeMove()`` would give, without taking it.
    ///
    /// A look tells whether it is worth a transaction: a move without events can wait.
    package var availableMove: Move? {
        guard self.proposed == nil, self.settled.end.number > self.stored else { return nil }
        return self.move(self.settled)
    }

    /// Adds the next event that was read.
    ///
    /// - Parameters:
    ///   - number: above ``lastRead``; the numbers between are no events of this organization.
    ///   - storedAt: when the event was stored.
    ///   - fate: whether it is to be delivered.
    package mutating func add(number: Int64, storedAt: Timestamp, fate: Fate) {
        let last = self.lastRead.number
        precondition(number > last, "event \(number) was read after \(last)")
        let end = Position(number: number, storedAt: storedAt)
        switch fate {
        case .unsubscribed:
            self.extend(to: end) { $0.unsubscribed += 1 }
        case .pending:
            self.entries.append(Pending(number: number, storedAt: storedAt, after: Run(end: end)))
            self.inWindow += 1
        }
    }

    /// Notes that there are no more events of this organization up to a number; one that was read already changes
    /// nothing.
    ///
    /// - Parameters:
    ///   - number: where to read on.
    ///   - storedAt: a time no event behind `number` was stored before.
    package mutating func examined(upTo number: Int64, storedAt: Timestamp) {
        guard number > self.lastRead.number else { return }
        self.extend(to: Position(number: number, storedAt: storedAt)) { _ in }
    }

    /// Notes what became of an event.
    ///
    /// O(pending).
    ///
    /// - Returns: false if the event is not pending here: it was settled before, or belongs to another window. Then
    ///   nothing was counted, and nothing may be stored for it.
    package mutating func settle(_ number: Int64, as settled: Settled) -> Bool {
        guard let place = self.place(of: number) else { return false }
        let entry = self.entries.remove(at: place)
        var run = entry.after
        run.count(settled)
        if place == 0 {
            self.settled.join(run)
        } else {
            self.entries[place - 1].after.join(run)
        }
        return true
    }

    /// Says whether an event is pending.
    package func isPending(_ number: Int64) -> Bool { self.place(of: number) != nil }

    /// Takes the contiguous settled part, to be stored.
    ///
    /// - Returns: `nil` while another move is under way, or if the cursor cannot move.
    package mutating func takeMove() -> Move? {
        guard let move = self.availableMove else { return nil }
        self.proposed = self.settled
        self.settled = Run(end: self.settled.end)
        return move
    }

    /// Notes that the move that was taken is stored.
    package mutating func committed(_ move: Move) {
        guard let proposed = self.proposed, self.move(proposed) == move else {
            preconditionFailure("\(move) was not taken from the window at \(self.stored)")
        }
        self.stored = move.to
        self.proposed = nil
        self.inWindow -= Int(move.delivered + move.handed + move.buried)
    }

    /// Puts the move that was taken back, to be taken again with what was settled since; nothing if there is none.
    ///
    /// For a transaction that surely did not happen. If that is unknown, the window is to be made anew from the stored
    /// cursor.
    package mutating func rolledBack() {
        guard var proposed = self.proposed else { return }
        proposed.join(self.settled)
        self.settled = proposed
        self.proposed = nil
    }

    private func move(_ run: Run) -> Move {
        Move(
            from: self.stored,
            to: run.end.number,
            storedAt: run.end.storedAt,
            delivered: run.delivered,
            handed: run.handed,
            buried: run.buried,
            unsubscribed: run.unsubscribed
        )
    }

    private mutating func extend(to end: Position, _ change: (inout Run) -> Void) {
        if self.entries.isEmpty {
            self.settled.end = end
            change(&self.settled)
        } else {
            let last = self.entries.count - 1
            self.entries[last].after.end = end
            change(&self.entries[last].after)
        }
    }

    /// Binary search: the entries are in order.
    private func place(of number: Int64) -> Int? {
        var low = 0
        var high = self.entries.count
        while low < high {
            let middle = (low + high) / 2
            if self.entries[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < self.entries.count && self.entries[low].number == number ? low : nil
    }
}
