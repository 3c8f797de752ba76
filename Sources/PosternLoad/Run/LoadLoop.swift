internal import NIOCore
internal import PosternModel

/// One event loop's share of a run: its connections, its requests, its figures.
///
/// Belongs to its event loop.
final class LoadLoop {
    /// How far the run is.
    enum Phase: Equatable {
        case connecting
        case running
        /// Nothing is sent any more; answers are waited for until this time.
        case draining(until: Int64)
        case ended
    }

    /// How often times are looked at: the end of the run, timeouts, the ledger.
    private static let tick: Int64 = 10_000_000
    /// The shortest wait for the next due request of an open loop, so that many small waits become one.
    private static let shortestPause: Int64 = 500_000
    /// Lines of the ledger are handed over after so many ticks, connections are looked through after so many.
    private static let ledgerTicks = 5
    private static let timeoutTicks = 10
    /// How long answers are waited for when somebody wants the run to end.
    private static let interruptedDrain: Int64 = 500_000_000

    /// The loop it belongs to.
    let eventLoop: any EventLoop
    /// How the run goes.
    let settings: LoadSettings
    /// Where its connections go, in turn.
    let targets: [LoadTarget]
    /// How far it is.
    private(set) var phase = Phase.connecting
    /// What it measured so far.
    var figures = LoadFigures()
    /// Its connections by slot; `nil` while one is being made.
    var connections: [LoadConnection?]
    /// How long each slot waits after the next failure or 5xx.
    var delays: [ReconnectDelay]
    /// How many connections stand.
    var connected = 0
    /// When one stood last.
    var lastConnected = LoadClock.now()

    private let index: Int
    private let sources: [RequestSource]
    private let ledger: Ledger?
    private let done: EventLoopPromise<LoadShare>
    private var window: RunWindow?
    private var pacing: Pacing?
    private var pacer: LoopTimer?
    private var watch: LoopTimer?
    private var idle = CircularBuffer<LoadConnection>()
    private var page = LedgerPage()
    private var underWay = 0
    private var ticks = 0
    private var stopped: Int64 = 0
    private var lastAnswer: Int64 = 0
    private var processorStart: Int64?
    /// Wall clock less steady clock, in microseconds.
    private var wallOffset: Int64 = 0

    /// Prepares one of the run's loops; `done` gets what it measured, or what ended the run.
    init(
        index: Int,
        _ settings: LoadSettings,
        _ targets: [LoadTarget],
        ledger: Ledger?,
        eventLoop: any EventLoop,
        workshop: any EventLoop,
        done: EventLoopPromise<LoadShare>
    ) {
        self.index = index
        self.settings = settings
        self.targets = targets
        self.ledger = ledger
        self.eventLoop = eventLoop
        self.done = done
        self.sources = targets.enumerated().map { number, target in
            RequestSource(
                target.requests,
                settings.mix,
                share: index * targets.count + number,
                eventLoop: eventLoop,
                workshop: workshop
            )
        }
        let (each, rest) = settings.connections.quotientAndRemainder(dividingBy: settings.threads)
        let count = each + (index < rest ? 1 : 0)
        self.connections = Array(repeating: nil, count: count)
        self.delays = Array(repeating: ReconnectDelay(), count: count)
    }

    /// Whether connections are still wanted.
    var wantsConnections: Bool { self.phase == .connecting || self.phase == .running }

    /// Whether what happens now belongs into the figures.
    var isMeasuring: Bool { self.window?.isMeasured(LoadClock.now()) ?? false }

    /// How it stands.
    var snapshot: LoadSnapshot {
        LoadSnapshot(
            figures: self.figures,
            hasEnded: self.phase == .ended,
            connected: self.connected,
            waiting: self.pacing?.waiting(now: LoadClock.now()) ?? 0
        )
    }

    /// Makes the connections; nothing is sent yet.
    func open() {
        let watch = LoopTimer(self.eventLoop) { self.look() }
        self.watch = watch
        watch.start(at: LoadClock.now() + Self.tick)
        for slot in self.connections.indices { self.connect(slot) }
    }

    /// Begins to send at the window's begin.
    func begin(_ window: RunWindow) {
        guard self.phase == .connecting else { return }
        self.window = window
        self.pacing = Pacing(self.settings, window, loop: self.index)
        let pacer = LoopTimer(self.eventLoop) { self.pace() }
        self.pacer = pacer
        pacer.start(at: window.begin)
    }

    /// Ends the run before its time.
    func interrupt() {
        switch self.phase {
        case .connecting: self.finish()
        case .running: self.drain(LoadClock.now(), limit: Self.interruptedDrain)
        case .draining(let until): self.phase = .draining(until: min(until, LoadClock.now() + Self.interruptedDrain))
        case .ended: break
        }
    }

    /// Ends the run without figures.
    func fail(_ failure: LoadFailure) {
        guard self.phase != .ended else { return }
        self.end()
        self.done.fail(failure)
    }

    // MARK: What connections report

    /// Sends what comes next on a connection that has its answer.
    ///
    /// A closed loop that goes on whatever happens waits after a 5xx, as a sender would: a server that refuses quickly
    /// would otherwise get nothing but its refusals back.
    func goOn(_ connection: LoadConnection, after status: Int, now: Int64) {
        guard self.settings.keepsGoing, self.settings.rate == nil else { return self.advance(connection, now: now) }
        guard status >= 500 else {
            self.delays[connection.slot].reset()
            return self.advance(connection, now: now)
        }
        let delay = self.delays[connection.slot].take()
        self.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) {
            self.advance(connection, now: LoadClock.now())
        }
    }

    /// Sends what is due on a connection that has room, or lists it as idle.
    func advance(_ connection: LoadConnection, now: Int64) {
        guard self.phase == .running, let isOpen = self.pacing?.isOpen else { return }
        guard isOpen else {
            while connection.hasRoom, self.send(on: connection, now) {}
            return
        }
        if connection.hasRoom, !connection.isListedIdle {
            connection.isListedIdle = true
            self.idle.append(connection)
        }
        self.pump(now)
    }

    /// Notes an answer.
    func didAnswer(_ ticket: Ticket, _ connection: LoadConnection, status: Int, id: DeliveryIDText, now: Int64) {
        guard self.phase != .ended else { return }
        self.underWay -= 1
        self.lastAnswer = now
        self.figures.note(
            status: status,
            ticket.kind,
            nanoseconds: now - ticket.due,
            isMeasured: self.window?.isMeasured(ticket.due) ?? false
        )
        if self.ledger != nil, status >= 200, status < 300, ticket.kind != .forged {
            let time = Timestamp(microseconds: now / 1000 + self.wallOffset)
            let source = self.sources[connection.target]
            self.page.add(id, at: time) { source.appendEventKey(ticket.number, draft: ticket.draft, to: &$0) }
        }
        self.finishWhenDrained(now)
    }

    /// Notes that a request will have no answer.
    func didLose(_ ticket: Ticket, _ reason: LossReason) {
        guard self.phase != .ended else { return }
        self.underWay -= 1
        if self.window?.isMeasured(ticket.due) ?? false { self.figures.note(reason) }
        self.finishWhenDrained(LoadClock.now())
    }

    // MARK: Sending

    /// Sends the next request if one is due; whether it did.
    private func send(on connection: LoadConnection, _ now: Int64) -> Bool {
        switch self.pacing?.take(now: now) ?? .over {
        case .notYet: return false
        case .over:
            self.drain(now, limit: Int64(self.settings.timeoutMilliseconds) * 1_000_000)
            return false
        case .send(let due):
            let source = self.sources[connection.target]
            let request: OutgoingRequest
            do throws(LoadFailure) {
                request = try source.next()
            } catch {
                self.fail(error)
                return false
            }
            if self.window?.isMeasured(due) ?? false { self.figures.noteSent(request.kind) }
            self.underWay += 1
            connection.send(
                request,
                Ticket(due: due, sent: now, kind: request.kind, number: request.number, draft: request.draft)
            )
            return true
        }
    }

    /// Sends what is due on the connections that have been idle longest.
    private func pump(_ now: Int64) {
        while self.phase == .running, let connection = self.idle.first {
            if connection.hasRoom, !self.send(on: connection, now) { return }
            self.idle.removeFirst()
            if connection.hasRoom { self.idle.append(connection) } else { connection.isListedIdle = false }
        }
    }

    /// Begins, and goes on at the times an open loop sets; when to be called again.
    private func pace() -> Int64? {
        let now = LoadClock.now()
        if self.phase == .connecting {
            self.phase = .running
            for connection in self.connections { if let connection { self.advance(connection, now: now) } }
        } else {
            self.pump(now)
        }
        guard self.phase == .running, let next = self.pacing?.nextDue else { return nil }
        return max(next, now + Self.shortestPause)
    }

    // MARK: Looking at the clock

    /// Does what time demands; when to be called again.
    private func look() -> Int64? {
        let now = LoadClock.now()
        self.ticks += 1
        self.wallOffset = Timestamp.now().microseconds - now / 1000
        if let window = self.window, self.processorStart == nil, window.isMeasured(now) {
            self.processorStart = LoadClock.processorTime()
        }
        if let problem = self.ledger?.problem { self.fail(problem) }
        if self.ticks % Self.ledgerTicks == 0 { self.turnPage() }
        if self.ticks % Self.timeoutTicks == 0 { self.expire(now) }
        self.checkReach(now)
        if self.phase == .running, let window = self.window, now >= window.end {
            self.drain(now, limit: Int64(self.settings.timeoutMilliseconds) * 1_000_000)
        }
        self.finishWhenDrained(now)
        return self.phase == .ended ? nil : now + Self.tick
    }

    private func expire(_ now: Int64) {
        let limit = Int64(self.settings.timeoutMilliseconds) * 1_000_000
        for connection in self.connections {
            if let connection, let sent = connection.oldestSent, now - sent > limit { connection.expire() }
        }
    }

    private func turnPage() {
        guard let ledger = self.ledger, !self.page.isEmpty else { return }
        ledger.append(self.page.take())
    }

    // MARK: The end

    private func drain(_ now: Int64, limit: Int64) {
        guard self.phase == .running else { return }
        self.stopped = min(now, self.window?.end ?? now)
        self.figures.unsent = self.pacing?.waiting(now: now) ?? 0
        self.phase = .draining(until: now + limit)
        self.finishWhenDrained(now)
    }

    private func finishWhenDrained(_ now: Int64) {
        guard case .draining(let until) = self.phase, self.underWay == 0 || now >= until else { return }
        self.finish()
    }

    private func finish() {
        guard self.phase != .ended else { return }
        // Whoever is still under way had all the time there is.
        for connection in self.connections {
            guard let connection else { continue }
            for ticket in connection.underWay where self.window?.isMeasured(ticket.due) ?? false {
                self.figures.note(.timeout)
            }
        }
        self.end()
        self.done.succeed(
            LoadShare(
                figures: self.figures,
                measuredFrom: self.window?.measure,
                stopped: self.stopped,
                lastAnswer: self.lastAnswer,
                processorStart: self.processorStart
            )
        )
    }

    private func end() {
        self.phase = .ended
        self.turnPage()
        self.pacer?.cancel()
        self.watch?.cancel()
        self.pacer = nil
        self.watch = nil
        for connection in self.connections { connection?.close() }
    }
}
