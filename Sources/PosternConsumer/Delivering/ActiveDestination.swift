internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

/// What the engine knows of a destination while it delivers to it.
///
/// A value; belongs to the engine's task.
struct ActiveDestination {
    /// Whether something may be sent now.
    enum Readiness: Equatable {
        /// As much as concurrency and rate allow.
        case open
        /// One attempt, to see whether it is back.
        case probe
        /// Nothing: paused, disabled, or its circuit is open.
        case held
    }

    /// As configured.
    private(set) var record: DestinationRecord
    /// Where and how to send; `nil` for a kind that nothing is sent to, and for one that cannot be used as configured.
    private(set) var target: OutboundTarget?
    /// Why it cannot be used as configured.
    private(set) var fault: String?
    /// Which events it gets.
    private(set) var matcher: EventMatcher
    /// When its failures are tried again.
    private(set) var schedule: RetrySchedule
    private(set) var breaker: CircuitBreaker
    private(set) var pace: SendPace
    /// How many attempts are under way.
    var inFlight = 0
    /// Whether an attempt is under way that decides about its circuit.
    var isProbing = false
    /// When it said that it is gone: nothing is sent until the configuration is one of that time or later.
    var goneSince: Timestamp?
    private var heldUntil: ContinuousClock.Instant?
    /// The circuit as this consumer believes it to be, until the database says otherwise.
    var circuit: CircuitRecord
    private var part: LanePart

    /// Prepares a destination.
    ///
    /// - Parameters:
    ///   - record: as configured.
    ///   - fault: why it must not be sent to, whatever is configured: a secret of it could not be opened.
    ///   - part: which part of the lanes is ours; concurrency and rate are divided by it.
    ///   - jitterPercent: how far retries may lie from their nominal time.
    ///   - now: by our clock.
    init(
        _ record: DestinationRecord,
        fault: String?,
        part: LanePart,
        jitterPercent: Int,
        at now: ContinuousClock.Instant
    ) {
        self.record = record
        self.circuit = record.circuit
        self.matcher = EventMatcher(record.subscriptions)
        self.schedule = RetrySchedule(delays: record.retryDelays, jitterPercent: jitterPercent)
        self.breaker = CircuitBreaker(.standard, at: now)
        self.part = part
        self.pace = SendPace(perSecond: record.ratePerSecond, part: part.held, of: part.all, at: now)
        (self.target, self.fault) = Self.target(of: record, fault: fault)
    }

    /// Takes a changed configuration over; what is under way and the circuit's window stay.
    mutating func update(
        _ record: DestinationRecord,
        fault: String?,
        part: LanePart,
        jitterPercent: Int,
        at now: ContinuousClock.Instant
    ) {
        self.part = part
        self.pace.change(perSecond: record.ratePerSecond, part: part.held, of: part.all, at: now)
        // What was sent under another configuration says nothing of this one.
        if record.circuit.state == .closed, self.circuit.state != .closed || record.updatedAt != self.record.updatedAt {
            self.breaker.reset(at: now)
        }
        if record != self.record {
            self.matcher = EventMatcher(record.subscriptions)
            self.schedule = RetrySchedule(delays: record.retryDelays, jitterPercent: jitterPercent)
        }
        if let time = self.goneSince, record.updatedAt >= time { self.goneSince = nil }
        self.circuit = record.circuit
        self.record = record
        (self.target, self.fault) = Self.target(of: record, fault: fault)
    }

    /// Whether it is delivered to by following the log.
    var follows: Bool { self.record.kind != .alert }

    /// What may be sent at `now`.
    func readiness(at now: Timestamp) -> Readiness {
        if let time = self.heldUntil, ContinuousClock.now < time { return .held }
        guard self.record.state == .enabled, self.fault == nil, self.goneSince == nil else { return .held }
        switch self.circuit.state {
        case .closed: return .open
        case .open, .halfOpen:
            if self.isProbing { return .held }
            guard let until = self.circuit.until, until <= now else { return .held }
            return .probe
        }
    }

    /// How many attempts more may be under way.
    var room: Int {
        // Nothing is under way to a channel: what is announced is part of the settlement.
        if self.record.kind == .postgresNotify { return 1000 }
        let concurrency = (self.record.concurrency * self.part.held + self.part.all - 1) / self.part.all
        return max(0, max(1, concurrency) - self.inFlight)
    }

    /// Takes up to `wanted` attempts from the rate.
    mutating func take(_ wanted: Int, at now: ContinuousClock.Instant) -> Int { self.pace.take(wanted, at: now) }

    /// Notes that an attempt is over; one that began before the destination was made anew here counts for nothing.
    mutating func attemptEnded() { self.inFlight = max(0, self.inFlight - 1) }

    /// Sends nothing for a while, because what came of it cannot be stored.
    mutating func hold(until time: ContinuousClock.Instant) { self.heldUntil = time }

    /// Notes how an attempt went; gives whether the circuit should open now.
    mutating func record(success: Bool, at now: ContinuousClock.Instant) -> Bool {
        self.breaker.record(success: success, at: now) && self.circuit.state == .closed
    }

    /// Forgets the failures that opened the circuit.
    mutating func startAnew(at now: ContinuousClock.Instant) { self.breaker.reset(at: now) }

    private static func target(of record: DestinationRecord, fault: String?) -> (OutboundTarget?, String?) {
        guard record.kind == .http else { return (nil, record.kind == .postgresNotify ? nil : fault) }
        if let fault { return (nil, fault) }
        do throws(OutboundTargetError) {
            return (try OutboundTarget(record, at: .now()), nil)
        } catch {
            return (nil, "\(error)")
        }
    }
}
