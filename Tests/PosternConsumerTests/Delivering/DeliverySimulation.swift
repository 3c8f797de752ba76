import PosternConsumer
import PosternLimits
import PosternModel
import Testing

/// One consumer that delivers one lane to an ordered destination of each organization, in virtual time and with a
/// random world around it: it answers out of order, fails, loses answers, and the consumer crashes at any step.
///
/// It is put together from the values the real one is made of, and checks with every attempt what must never happen.
struct DeliverySimulation {
    /// What the world does, in percent of attempts or steps.
    struct Weather {
        var transient = 10
        var permanent = 3
        /// The destination took the event, and the answer was lost.
        var lost = 3
        var crash = 1
        /// An account whose events always fail, at this organization.
        var broken: (organization: Int, account: String)?
        /// While this organization's destination is down, everything it is sent fails.
        var outage: (organization: Int, until: Int)?
    }

    /// What a crash takes away.
    struct Process {
        var window: DeliveryWindow
        var order: AccountOrder
        var breaker: CircuitBreaker
        /// Where reading goes on.
        var next = 0
        /// Numbers whose turn it is in their account.
        var ready: [Int64] = []
        var flying: [(number: Int64, isRetry: Bool, isProbe: Bool)] = []
        var rows: [SimulatedStore.Row] = []
        var letters: [Int64] = []
        var ends: [(number: Int64, end: SimulatedStore.End)] = []
    }

    static let start = ContinuousClock.now
    static let retries = 3
    static let concurrency = 8
    static let windowLimit = 60

    private(set) var stores: [SimulatedStore]
    private(set) var now = 0
    /// The first start included.
    private(set) var crashes = 0
    private(set) var openings = 0
    /// The numbers each destination took, in order, duplicates included.
    private(set) var taken: [[Int64]]
    /// How many attempts each event has cost.
    private(set) var attempts: [[Int64: Int]]
    private var processes: [Process] = []
    private var turns = FairTurns<Int>(quantum: 3)
    /// When to probe where the circuit is open.
    private var openUntil: [Int?]
    private let weather: Weather
    private var random: SeededGenerator

    init(organizations: Int, events: Int, accounts: Int, weather: Weather, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var logs = Array(repeating: [SimulatedStore.Event](), count: organizations)
        for number in 1...Int64(events) {
            let account = Int.random(in: 0...accounts, using: &random)
            logs[Int.random(in: 0..<organizations, using: &random)].append(
                SimulatedStore.Event(
                    number: number,
                    account: account == accounts ? nil : "account-\(account)",
                    isWanted: Int.random(in: 0..<6, using: &random) > 0
                )
            )
        }
        self.stores = logs.map(SimulatedStore.init)
        self.taken = Array(repeating: [], count: organizations)
        self.attempts = Array(repeating: [:], count: organizations)
        self.openUntil = Array(repeating: nil, count: organizations)
        self.weather = weather
        self.random = random
        self.restart()
    }

    /// Whether everything of an organization is settled and its queue is empty.
    func isDone(_ organization: Int) -> Bool {
        let store = self.stores[organization]
        return store.cursor >= store.events.last?.number ?? 0 && store.queue.isEmpty
    }

    /// Runs until everything is settled; false if that takes more steps than allowed.
    mutating func run(steps: Int) -> Bool {
        for _ in 0..<steps {
            self.step()
            if self.stores.indices.allSatisfy({ self.isDone($0) }) { return true }
        }
        return false
    }

    /// One millisecond.
    mutating func step() {
        self.now += 1
        if self.chance(self.weather.crash) { self.restart() }
        for organization in self.stores.indices {
            if self.chance(40) { self.read(organization) }
            self.turns.add(organization)
        }
        let sendable = self.stores.indices.map { self.sendable($0) }
        for turn in self.turns.next(capacity: 6, available: { sendable[$0] }) {
            for _ in 0..<turn.count { self.send(turn.key) }
        }
        for organization in self.stores.indices {
            while !self.processes[organization].flying.isEmpty, self.chance(60) { self.answer(organization) }
            if self.chance(40) { self.settle(organization) }
        }
    }

    /// Begins anew from what is stored; what was on its way may have arrived.
    private mutating func restart() {
        self.crashes += 1
        for (organization, process) in self.processes.enumerated() {
            for flight in process.flying where Bool.random(using: &self.random) {
                self.taken[organization].append(flight.number)
            }
        }
        self.turns = FairTurns(quantum: 3)
        self.processes = self.stores.map { store in
            Process(
                window: DeliveryWindow(number: store.cursor, storedAt: Timestamp(seconds: store.cursor)),
                order: AccountOrder(blocked: store.blockedAccounts),
                breaker: CircuitBreaker(.standard, at: Self.start + .milliseconds(self.now)),
                next: store.events.firstIndex { $0.number > store.cursor } ?? store.events.count
            )
        }
    }

    private mutating func read(_ organization: Int) {
        var process = self.processes[organization]
        let events = self.stores[organization].events
        for _ in 0..<4 where process.next < events.count && process.window.inWindow < Self.windowLimit {
            let event = events[process.next]
            process.next += 1
            let time = Timestamp(seconds: event.number)
            process.window.add(number: event.number, storedAt: time, fate: event.isWanted ? .pending : .unsubscribed)
            guard event.isWanted else { continue }
            switch process.order.admit(account: event.account, number: event.number) {
            case .send: process.ready.append(event.number)
            case .wait: break
            case .park: Self.hand(event.number, event.account, attempt: 0, due: nil, in: &process)
            }
        }
        self.processes[organization] = process
    }

    /// The due rows that are not on their way, the longest waiting first.
    private func due(_ organization: Int) -> [SimulatedStore.Row] {
        let process = self.processes[organization]
        return self.stores[organization].queue.filter { row in
            guard let due = row.due, due <= self.now else { return false }
            return !process.flying.contains { $0.number == row.number }
                && !process.ends.contains { $0.number == row.number }
        }
        .sorted { ($0.due ?? 0, $0.number) < ($1.due ?? 0, $1.number) }
    }

    private func sendable(_ organization: Int) -> Int {
        let process = self.processes[organization]
        let waiting = process.ready.count + self.due(organization).count
        guard let until = self.openUntil[organization] else {
            return min(waiting, Self.concurrency - process.flying.count)
        }
        return self.now >= until && !process.flying.contains { $0.isProbe } ? min(waiting, 1) : 0
    }

    private mutating func send(_ organization: Int) {
        let number: Int64
        let isRetry: Bool
        let isProbe = self.openUntil[organization] != nil
        // A probe is an attempt like any other, or an event that always fails would be the probe for ever. It takes an
        // event that has all its attempts before it, if there is one.
        let retry = isProbe && !self.processes[organization].ready.isEmpty ? nil : self.due(organization).first
        if let retry {
            (number, isRetry) = (retry.number, true)
        } else {
            (number, isRetry) = (self.processes[organization].ready.removeFirst(), false)
        }
        self.check(number, organization)
        self.attempts[organization][number, default: 0] += 1
        self.processes[organization].flying.append((number, isRetry, isProbe))
    }

    /// What must hold of every attempt: the account has nothing else out, and all its earlier events are settled.
    private func check(_ number: Int64, _ organization: Int) {
        let store = self.stores[organization]
        guard let account = store.events.first(where: { $0.number == number })?.account else { return }
        let process = self.processes[organization]
        let own = Set(store.events.filter { $0.account == account && $0.isWanted }.map(\.number))
        #expect(!process.flying.contains { own.contains($0.number) }, "two of \(account) at once")
        let settled = store.letters.union(process.letters).union(self.taken[organization])
            .union(process.ends.filter { if case .buried = $0.end { true } else { false } }.map(\.number))
        let open = own.filter { $0 < number && !settled.contains($0) }
        #expect(open.isEmpty, "\(number) of \(account) overtakes \(open.sorted())")
    }

    private mutating func answer(_ organization: Int) {
        let place = Int.random(in: 0..<self.processes[organization].flying.count, using: &self.random)
        let (number, isRetry, isProbe) = self.processes[organization].flying.remove(at: place)
        let account = self.stores[organization].events.first { $0.number == number }?.account
        var isBroken = false
        if let broken = self.weather.broken, broken == (organization, account ?? "") { isBroken = true }
        if let outage = self.weather.outage, outage.organization == organization, self.now < outage.until {
            isBroken = true
        }
        let roll = Int.random(in: 0..<100, using: &self.random)
        let passing = self.weather.lost + self.weather.transient
        let isTransient = isBroken || roll < passing
        let isPermanent = !isTransient && roll < passing + self.weather.permanent
        let isLost = !isBroken && roll < self.weather.lost
        if isLost || !isTransient && !isPermanent { self.taken[organization].append(number) }
        var process = self.processes[organization]
        defer { self.processes[organization] = process }
        let time = Self.start + .milliseconds(self.now)
        if isProbe {
            self.openUntil[organization] = isTransient ? self.now + 100 : nil
            process.breaker.reset(at: time)
        } else if process.breaker.record(success: !isTransient, at: time), self.openUntil[organization] == nil {
            self.openings += 1
            self.openUntil[organization] = self.now + 100
            process.breaker.reset(at: time)
        }
        if isRetry {
            let attempt = self.stores[organization].queue.first { $0.number == number }?.attempt ?? 0
            let isLast = attempt >= Self.retries
            let postponed = SimulatedStore.End.postponed(due: self.now + 20)
            let isOver = isPermanent || isTransient && isLast
            process.ends.append((number, isOver ? .buried : isTransient ? postponed : .delivered))
        } else if isTransient {
            Self.hand(number, account, attempt: 1, due: self.now + 20, in: &process)
            for waiting in account.map({ process.order.blocked($0) }) ?? [] {
                Self.hand(waiting, account, attempt: 0, due: nil, in: &process)
            }
        } else {
            if isPermanent { process.letters.append(number) }
            #expect(process.window.settle(number, as: isPermanent ? .buried : .delivered) == true)
            if let account, let next = process.order.finished(account) { process.ready.append(next) }
        }
    }

    private static func hand(_ number: Int64, _ account: String?, attempt: Int, due: Int?, in process: inout Process) {
        process.rows.append(SimulatedStore.Row(number: number, account: account, attempt: attempt, due: due))
        #expect(process.window.settle(number, as: .handed) == true)
    }

    /// Stores what the cursor can move over; sometimes the consumer never hears whether it was stored.
    private mutating func settle(_ organization: Int) {
        var process = self.processes[organization]
        let move = process.window.takeMove()
        guard move != nil || !process.ends.isEmpty else { return }
        let reach = move?.to ?? 0
        let settlement = SimulatedStore.Settlement(
            move: move,
            rows: process.rows.filter { $0.number <= reach },
            letters: process.letters.filter { $0 <= reach },
            ends: process.ends
        )
        if self.chance(5) {
            // It did not happen, and that is known.
            process.window.rolledBack()
            self.processes[organization] = process
            return
        }
        let isHeard = !self.chance(3)
        if !isHeard, Bool.random(using: &self.random) { return self.restart() }
        let emptied = self.stores[organization].store(settlement, now: self.now)
        guard isHeard else { return self.restart() }
        process.rows.removeAll { $0.number <= reach }
        process.letters.removeAll { $0 <= reach }
        process.ends = []
        if let move {
            process.window.committed(move)
            process.order.stored(upTo: move.to)
        }
        for account in emptied { _ = process.order.unblocked(account) }
        self.processes[organization] = process
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self.random) < percent }
}
