package import NIOCore

/// Decides when one connection's only timer must run and what it means when it does.
///
/// No clock, no I/O.
///
/// The timer never runs later than the shortest deadline from now, so a new deadline (except the ones of closing)
/// never has to move it: setting one is a store, and the timer re-arms itself about every ten seconds.
package struct DeadlineMachine: ~Copyable {
    /// What the connection is waiting for.
    package enum Wait: Hashable, Sendable {
        case head
        case body
        case responder
        case idle
        /// The last answer being taken by the peer, before closing.
        case write
        /// The peer's end of the connection, after closing ours.
        case linger
    }

    /// What to do with the timer after a deadline was set.
    package enum Arming: Equatable, Sendable {
        case keep
        case schedule(NIODeadline)
        /// Cancel the running timer and start one.
        case reschedule(NIODeadline)
    }

    /// What a run of the timer means.
    package enum Firing: Equatable, Sendable {
        /// Nothing is waited for: no timer runs until a deadline is set.
        case rest
        case schedule(NIODeadline)
        case expired(Wait)
    }

    private let deadlines: ConnectionDeadlines
    private let shortest: TimeAmount
    private var wait: Wait?
    private var due: NIODeadline
    private var armed: NIODeadline?
    private var lastWrite: NIODeadline

    /// Makes the machine of a fresh connection that waits for nothing yet.
    package init(_ deadlines: ConnectionDeadlines) {
        self.deadlines = deadlines
        self.shortest = deadlines.shortest
        self.wait = nil
        self.due = .distantFuture
        self.armed = nil
        self.lastWrite = .distantFuture
    }

    /// What the connection is waiting for now.
    package var current: Wait? { self.wait }

    /// Starts waiting; the earlier wait, if any, is over.
    package mutating func set(_ wait: Wait, now: NIODeadline) -> Arming {
        self.wait = wait
        self.due = now + self.limit(of: wait)
        guard let armed = self.armed else {
            let at = min(self.due, now + self.shortest)
            self.armed = at
            return .schedule(at)
        }
        guard self.due < armed else { return .keep }
        self.armed = self.due
        return .reschedule(self.due)
    }

    /// Notes that an answer was handed to the socket.
    package mutating func wrote(now: NIODeadline) { self.lastWrite = now }

    /// Decides about a run of the timer.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - hasUnwrittenBytes: Whether bytes of answers still wait for the peer.
    /// - Returns: What it means.
    package mutating func fired(now: NIODeadline, hasUnwrittenBytes: Bool) -> Firing {
        self.armed = nil
        guard let wait = self.wait else { return .rest }
        guard now < self.due else { return .expired(wait) }
        var next = min(self.due, now + self.shortest)
        if hasUnwrittenBytes {
            let writeDue = self.lastWrite + self.deadlines.write
            guard now < writeDue else { return .expired(.write) }
            next = min(next, writeDue)
        }
        self.armed = next
        return .schedule(next)
    }

    private func limit(of wait: Wait) -> TimeAmount {
        switch wait {
        case .head: self.deadlines.head
        case .body: self.deadlines.body
        case .responder: self.deadlines.responder
        case .idle: self.deadlines.idle
        case .write: self.deadlines.write
        case .linger: self.deadlines.linger
        }
    }
}
