/// Says which requests one event loop may send, and when: the closed and the open loop as one value.
///
/// It has no clock: every time is an argument, in nanoseconds.
package struct Pacing: Sendable {
    /// What may be done now.
    package enum Turn: Equatable {
        /// Send a request; its latency counts from this time.
        case send(due: Int64)
        /// Nothing is due yet.
        case notYet
        /// The run is over.
        case over
    }

    private let window: RunWindow
    /// `nil` for a closed loop, where a request is due as soon as a connection is free.
    private var schedule: ArrivalSchedule?
    /// How many measured requests are left; `nil` when the time decides.
    private var remaining: Int?

    /// Prepares one of `loops` equal shares of a run.
    package init(_ settings: LoadSettings, _ window: RunWindow, loop: Int) {
        self.window = window
        self.schedule = settings.rate.map { rate in
            ArrivalSchedule(rate: rate, loop: loop, of: settings.threads, start: window.begin)
        }
        if case .requests(let count) = settings.length {
            self.remaining = count / settings.threads + (loop < count % settings.threads ? 1 : 0)
        }
    }

    /// Whether requests are due at times of their own.
    package var isOpen: Bool { self.schedule != nil }

    /// When the next request of an open loop is due.
    package var nextDue: Int64? { self.schedule?.nextDue }

    /// Takes the next request, if there is one to send now.
    package mutating func take(now: Int64) -> Turn {
        guard now < self.window.end else { return .over }
        let due = self.schedule?.nextDue ?? now
        if self.window.isMeasured(due), let remaining = self.remaining {
            guard remaining > 0 else { return .over }
            guard due <= now else { return .notYet }
            self.remaining = remaining - 1
        }
        guard due <= now else { return .notYet }
        _ = self.schedule?.take(now: now)
        return .send(due: due)
    }

    /// How many requests are due and were not taken.
    package func waiting(now: Int64) -> Int {
        guard let schedule = self.schedule else { return 0 }
        return min(schedule.waiting(now: min(now, self.window.end - 1)), self.remaining ?? .max)
    }
}
