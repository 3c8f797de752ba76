/// Which accounts of one lane and ordered destination are busy or blocked: events of an account go out one at a time, in
/// the order of their numbers.
///
/// Accounts do not wait for each other, and events without an account for nothing. When the event of an account that is
/// out fails, the account is blocked: it goes to the retry queue, and so does everything behind it, until the queue
/// holds nothing of the account. An event that was parked is in the queue only once the settlement that covers it is
/// stored; until then the account stays blocked even if the queue is empty, or a later event would overtake it.
///
/// Memory is that of the events in the window and of the blocked accounts: an account with nothing out, waiting or
/// queued is forgotten.
package struct AccountOrder: Sendable, Equatable {
    /// What is to be done with an event that was read.
    package enum Admission: Sendable, Equatable {
        /// It is its account's turn.
        case send
        /// An earlier event of the account is out: ``finished(_:)`` or ``blocked(_:)`` will name this one.
        case wait
        /// The account is blocked: it goes to the retry queue without an attempt.
        case park
    }

    private enum State: Equatable {
        /// The numbers waiting for the event that is out, in order.
        case busy(number: Int64, waiting: Waiting)
        /// The last number that was handed to the queue and is not stored there yet; `nil` if all are.
        case blocked(lastUnstored: Int64?)
    }

    /// Numbers that leave in the order they came.
    private struct Waiting: Equatable {
        private var numbers: [Int64] = []
        private var head = 0

        var all: ArraySlice<Int64> { self.numbers[self.head...] }

        mutating func append(_ number: Int64) { self.numbers.append(number) }

        mutating func removeFirst() -> Int64? {
            guard self.head < self.numbers.count else { return nil }
            defer {
                self.head += 1
                if self.head * 2 >= self.numbers.count {
                    self.numbers.removeFirst(self.head)
                    self.head = 0
                }
            }
            return self.numbers[self.head]
        }
    }

    private var states: [String: State]
    /// Accounts whose queued events are not all stored.
    private var unstored: Set<String> = []

    /// Starts with what the retry queue holds.
    ///
    /// - Parameter blocked: the accounts with rows in the queue.
    package init(blocked: Set<String>) {
        self.states = Dictionary(uniqueKeysWithValues: blocked.map { ($0, .blocked(lastUnstored: nil)) })
    }

    /// How many accounts are busy or blocked.
    package var accounts: Int { self.states.count }

    /// Says whether an account is blocked.
    package func isBlocked(_ account: String) -> Bool {
        if case .blocked = self.states[account] { true } else { false }
    }

    /// Says what is to be done with the next event of the lane.
    ///
    /// - Parameters:
    ///   - account: `nil` for an event without one, which is always sent.
    ///   - number: above those admitted before for the account.
    /// - Returns: whether it is sent, waits, or is parked behind what is in the queue.
    package mutating func admit(account: String?, number: Int64) -> Admission {
        guard let account else { return .send }
        switch self.states.removeValue(forKey: account) {
        case nil:
            self.states[account] = .busy(number: number, waiting: Waiting())
            return .send
        case .busy(let out, var waiting):
            precondition(number > (waiting.all.last ?? out), "event \(number) of one account after \(out)")
            waiting.append(number)
            self.states[account] = .busy(number: out, waiting: waiting)
            return .wait
        case .blocked(let last):
            precondition(last.map { number > $0 } ?? true, "event \(number) of one account after \(last ?? 0)")
            self.states[account] = .blocked(lastUnstored: number)
            self.unstored.insert(account)
            return .park
        }
    }

    /// Notes that the event that is out is delivered or a dead letter.
    ///
    /// - Returns: the account's next event, which is to be sent now; `nil` if none waits, or the account is not busy.
    package mutating func finished(_ account: String) -> Int64? {
        guard case .busy(_, var waiting) = self.states[account] else { return nil }
        // Not while the dictionary holds it too: that would copy all that wait.
        self.states.removeValue(forKey: account)
        guard let next = waiting.removeFirst() else { return nil }
        self.states[account] = .busy(number: next, waiting: waiting)
        return next
    }

    /// Notes that the event that is out failed and is handed to the retry queue.
    ///
    /// - Returns: the events that waited for it, in order: they are to be handed to the queue behind it without an
    ///   attempt.
    package mutating func blocked(_ account: String) -> [Int64] {
        guard case .busy(let out, let waiting) = self.states[account] else { return [] }
        self.states[account] = .blocked(lastUnstored: waiting.all.last ?? out)
        self.unstored.insert(account)
        return Array(waiting.all)
    }

    /// Notes that a move of the cursor is stored, and with it what was handed to the queue up to a number.
    ///
    /// O(accounts with events handed and not stored).
    package mutating func stored(upTo number: Int64) {
        for account in self.unstored {
            if case .blocked(let last?) = self.states[account], last > number { continue }
            self.states[account] = .blocked(lastUnstored: nil)
            self.unstored.remove(account)
        }
    }

    /// Notes that the retry queue holds nothing of an account, as of a moment after all that ``stored(upTo:)`` was told.
    ///
    /// - Returns: whether the account's events are sent again. False as long as parked ones are not stored: they will be
    ///   in the queue, and its end will be noted again.
    package mutating func unblocked(_ account: String) -> Bool {
        guard case .blocked(let last) = self.states[account] else { return true }
        guard last == nil else { return false }
        self.states.removeValue(forKey: account)
        return true
    }
}
