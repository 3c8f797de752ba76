internal import PosternModel
internal import PosternStore

/// One destination's way through one lane: what was read, what waits, what is under way, what can be stored.
///
/// A value; belongs to the engine's task.
struct LaneFollower {
    let destination: DestinationID
    let organization: OrganizationID
    /// New with every reading of the cursor: attempts of an earlier one change nothing any more.
    let epoch: Int
    /// How many attempts are under way.
    var inFlight = 0
    /// What became of retries, to be stored with the next settlement.
    var looseEnds = LooseEnds()
    var window: DeliveryWindow
    /// For an ordered destination: which account may send.
    var order: AccountOrder?
    /// Events ready to be sent, in order, from `head` on.
    private var ready: [EventRecord] = []
    private var head = 0
    /// Ordered: events whose account is busy.
    private var waiting: [Int64: EventRecord] = [:]
    /// What moves of the cursor will take along.
    private(set) var outcomes: [Int64: SettledOutcome] = [:]
    /// Events of the log that are on their way, by number: what is sent, and since when.
    private var underWay: [Int64: (event: EventRecord, since: ContinuousClock.Instant)] = [:]
    /// Events on their way that were handed to the retry queue, so that the cursor need not wait for them.
    private var handedOver: [Int64: HandedOverEvent] = [:]
    /// Bytes of events that are ready or wait, and of what is to be stored of others.
    private(set) var bytes = 0

    /// Starts at a cursor.
    init(_ cursor: DestinationCursor, order: AccountOrder?, epoch: Int) {
        self.epoch = epoch
        self.destination = cursor.destination
        self.organization = cursor.organization
        self.window = DeliveryWindow(number: cursor.number, storedAt: cursor.storedAt)
        self.order = order
    }

    /// How many events are ready to be sent.
    var readyCount: Int { self.ready.count - self.head }

    /// Takes an event of the log that was subscribed to.
    mutating func take(_ event: EventRecord, park: (EventRecord) -> NewDeliveryRetry) {
        self.window.add(number: event.number, storedAt: event.storedAt, fate: .pending)
        switch self.order?.admit(account: event.account, number: event.number) ?? .send {
        case .send: self.enqueue(event)
        case .wait:
            self.waiting[event.number] = event
            self.bytes += event.data.count
        case .park: self.park(event.number, park(event))
        }
    }

    /// Takes the next event to send.
    mutating func next() -> EventRecord? {
        guard self.head < self.ready.count else { return nil }
        let event = self.ready[self.head]
        self.head += 1
        self.bytes -= event.data.count
        if self.head * 2 >= self.ready.count {
            self.ready.removeFirst(self.head)
            self.head = 0
        }
        return event
    }

    /// Puts an event back that was not sent after all, and that was taken; it is the next to go.
    mutating func putBack(_ event: EventRecord) {
        self.bytes += event.data.count
        if self.head > 0 {
            self.head -= 1
            self.ready[self.head] = event
        } else {
            self.ready.insert(event, at: 0)
        }
    }

    /// Notes that an event is on its way.
    mutating func started(_ event: EventRecord, at now: ContinuousClock.Instant) {
        self.underWay[event.number] = (event, now)
    }

    /// The event that alone keeps the cursor from moving, and so the destination from getting anything more.
    ///
    /// - Parameters:
    ///   - now: by our clock.
    ///   - room: how many events more have to fit into the window before the next are read.
    ///   - limit: the most events the window takes.
    ///   - patience: how long an attempt may hold the others up.
    /// - Returns: `nil` while there is something else to do, and while most of the window is on its way: then it is the
    ///   destination that is slow, and not one event.
    func holdingUp(
        at now: ContinuousClock.Instant,
        room: Int,
        of limit: Int,
        patience: Duration
    ) -> EventRecord? {
        guard !self.underWay.isEmpty, self.readyCount == 0, limit - self.window.inWindow < room,
            self.underWay.count * 2 <= limit, let oldest = self.window.oldestPending,
            let (event, since) = self.underWay[oldest.number], since.duration(to: now) >= patience
        else { return nil }
        return event
    }

    /// Hands an event that is on its way to the retry queue, where its attempt settles it like that of any retry.
    ///
    /// `event` must be on its way and pending; `row`, which stands in the queue for it, is not due before the attempt is
    /// over; `park` makes the rows of events that waited behind it.
    mutating func handOver(_ event: EventRecord, as row: NewDeliveryRetry, park: (EventRecord) -> NewDeliveryRetry) {
        self.handedOver[event.number] = HandedOverEvent(row)
        self.settle(event, as: .handed, SettledOutcome(retry: row), park: park)
    }

    /// Notes that the attempt at an event of the log is over.
    ///
    /// - Returns: the attempt to be judged: at a row of the retry queue, if it was handed over; `nil` if that row is not
    ///   stored yet, and the attempt is given again by ``committed(_:)``.
    mutating func ended(_ attempt: EndedAttempt, of event: EventRecord) -> EndedAttempt? {
        self.underWay[event.number] = nil
        guard let handed = self.handedOver[event.number] else { return attempt }
        guard handed.isStored else {
            self.handedOver[event.number]?.end = attempt
            return nil
        }
        self.handedOver[event.number] = nil
        return attempt.of(handed.delivery)
    }

    /// Notes what became of an event that was sent, and readies or parks what waited for it.
    mutating func settle(
        _ event: EventRecord,
        as fate: DeliveryWindow.Settled,
        _ outcome: SettledOutcome?,
        park: (EventRecord) -> NewDeliveryRetry
    ) {
        // Not pending: it was settled before, and what came of it is stored or on its way.
        guard self.window.settle(event.number, as: fate) else { return }
        if let outcome { self.keep(outcome, of: event.number) }
        guard let account = event.account, self.order != nil else { return }
        if fate == .handed {
            for number in self.order?.blocked(account) ?? [] {
                guard let behind = self.waiting.removeValue(forKey: number) else { continue }
                self.bytes -= behind.data.count
                self.park(number, park(behind))
            }
        } else if let number = self.order?.finished(account), let next = self.waiting.removeValue(forKey: number) {
            self.bytes -= next.data.count
            self.enqueue(next)
        }
    }

    /// Takes what a move of the cursor passes.
    func outcomes(passedBy move: DeliveryWindow.Move) -> [SettledOutcome] {
        self.outcomes.filter { $0.key > move.from && $0.key <= move.to }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Forgets what a committed move has stored.
    ///
    /// - Returns: the attempts at events it handed over that are over by now.
    mutating func committed(_ move: DeliveryWindow.Move) -> [EndedAttempt] {
        self.window.committed(move)
        self.order?.stored(upTo: move.to)
        for (number, outcome) in self.outcomes where number <= move.to {
            self.outcomes[number] = nil
            self.bytes -= outcome.byteCount
        }
        var over: [EndedAttempt] = []
        for (number, handed) in self.handedOver where number <= move.to && !handed.isStored {
            if let end = handed.end {
                self.handedOver[number] = nil
                over.append(end.of(handed.delivery))
            } else {
                self.handedOver[number]?.isStored = true
            }
        }
        return over
    }

    /// Takes what is to be stored with the next settlement.
    mutating func takeLooseEnds() -> LooseEnds {
        defer { self.looseEnds = LooseEnds() }
        return self.looseEnds
    }

    private mutating func enqueue(_ event: EventRecord) {
        self.ready.append(event)
        self.bytes += event.data.count
    }

    private mutating func park(_ number: Int64, _ row: NewDeliveryRetry) {
        guard self.window.settle(number, as: .handed) else { return }
        self.keep(SettledOutcome(retry: row), of: number)
    }

    private mutating func keep(_ outcome: SettledOutcome, of number: Int64) {
        self.outcomes[number] = outcome
        self.bytes += outcome.byteCount
    }
}
