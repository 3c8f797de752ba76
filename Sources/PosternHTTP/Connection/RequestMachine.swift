/// Decides what becomes of the requests of one connection, one after the other.
///
/// No clock, no I/O.
///
/// ```
///            begin            end of body            answer
///     idle ────────▶ receiving ────────▶ waiting ─────────────▶ idle
///                        │ answer, rest of the body known and small
///                        └────────▶ discarding ── end of body ─▶ idle
///     any ── answer that closes, refusal, end of the connection ─▶ ended
/// ```
package struct RequestMachine: ~Copyable {
    /// What a body chunk is.
    package enum BodyVerdict: Equatable, Sendable {
        case deliver
        case discard
        /// The request is over its limit and must be refused.
        case tooLarge(limitBytes: Int)
    }

    /// What the end of a body is.
    package enum EndVerdict: Equatable, Sendable {
        case complete
        /// The connection is free for the next request.
        case next
        case ignore
    }

    /// What becomes of a head decision to read.
    package enum ReadVerdict: Equatable, Sendable {
        case read
        /// The sender waits for `100 Continue`.
        case readAfterContinue
        case tooLarge(limitBytes: Int)
    }

    /// The `Connection` field of an answer.
    package enum ConnectionField: Equatable, Sendable {
        case none
        case keepAlive
        case close
    }

    /// What follows an answer.
    package enum Next: Equatable, Sendable {
        /// The connection is free for the next request.
        case next
        /// The rest of the body is read and dropped first.
        case discard
        /// The connection closes once the answer is out.
        case close
        /// The same, but bytes of the request may still come: ours closes first, the peer's is awaited.
        case linger
    }

    /// How an answer goes out.
    package struct AnswerPlan: Equatable, Sendable {
        /// Whether the body is left out, the request being HEAD.
        package var omitsBody: Bool
        /// The `Connection` field.
        package var field: ConnectionField
        /// What follows.
        package var next: Next

        /// Joins the three.
        package init(omitsBody: Bool, field: ConnectionField, next: Next) {
            self.omitsBody = omitsBody
            self.field = field
            self.next = next
        }
    }

    private enum State {
        /// Nothing in progress: → receiving, ended.
        case idle
        /// Head seen, body coming, no answer yet: → waiting, discarding, idle, ended.
        case receiving(RequestFraming, received: Int, limitBytes: Int?)
        /// Body complete, no answer yet: → idle, ended.
        case waiting(RequestFraming)
        /// Answered, the rest of the body coming: → idle, ended.
        case discarding
        /// No further request is taken.
        case ended
    }

    private let discardLimitBytes: Int
    private var state = State.idle
    /// The number of the newest request, counted from 1; 0 before the first.
    package private(set) var number: UInt64 = 0
    /// Whether the responder has taken the request in progress and owes its answer.
    package private(set) var isOwed = false

    /// Makes the machine of a fresh connection.
    ///
    /// - Parameter discardLimitBytes: How much of a body nobody wants is read to keep the connection.
    package init(discardLimitBytes: Int) { self.discardLimitBytes = discardLimitBytes }

    /// Whether no request is in progress and one may come.
    package var isIdle: Bool { if case .idle = self.state { true } else { false } }
    /// Whether no further request is taken.
    package var hasEnded: Bool { if case .ended = self.state { true } else { false } }
    /// Whether the request in progress was answered already and the rest of its body is dropped.
    package var isDiscarding: Bool { if case .discarding = self.state { true } else { false } }
    /// Whether the answer of the request in progress goes out without its body.
    package var omitsBody: Bool {
        switch self.state {
        case .receiving(let framing, _, _), .waiting(let framing): framing.isHead
        case .idle, .discarding, .ended: false
        }
    }
    /// Whether a request is complete and waits for its answer, so that further parts belong to later requests.
    package var isWaiting: Bool { if case .waiting = self.state { true } else { false } }

    /// Whether the request with this number may still be answered.
    package func isOpen(_ number: UInt64) -> Bool {
        guard number == self.number else { return false }
        return switch self.state {
        case .receiving, .waiting: true
        case .idle, .discarding, .ended: false
        }
    }

    /// Begins a request and gives it a number.
    ///
    /// Only when idle.
    package mutating func begin(_ framing: RequestFraming) -> UInt64 {
        precondition(self.isIdle, "a request began while another was in progress")
        self.number += 1
        self.state = .receiving(framing, received: 0, limitBytes: nil)
        return self.number
    }

    /// Notes that the responder takes the request in progress, with a body of at most `limitBytes`.
    package mutating func read(limitBytes: Int) -> ReadVerdict {
        guard case .receiving(var framing, let received, _) = self.state else { return .read }
        self.isOwed = true
        if let length = framing.contentLength, length > limitBytes { return .tooLarge(limitBytes: limitBytes) }
        let expected = framing.expectsContinue
        framing.expectsContinue = false
        self.state = .receiving(framing, received: received, limitBytes: limitBytes)
        return expected ? .readAfterContinue : .read
    }

    /// Counts a chunk of the body.
    package mutating func received(bytes: Int) -> BodyVerdict {
        guard case .receiving(let framing, let received, .some(let limitBytes)) = self.state else { return .discard }
        guard bytes <= limitBytes - received else { return .tooLarge(limitBytes: limitBytes) }
        self.state = .receiving(framing, received: received + bytes, limitBytes: limitBytes)
        return .deliver
    }

    /// Notes the end of the body.
    package mutating func receivedEnd() -> EndVerdict {
        switch self.state {
        case .receiving(let framing, _, _):
            self.state = .waiting(framing)
            return .complete
        case .discarding:
            self.state = .idle
            return .next
        case .idle, .waiting, .ended: return .ignore
        }
    }

    /// Decides how the request with this number is answered; `nil` when it is not open any more.
    ///
    /// - Parameters:
    ///   - number: The number ``begin(_:)`` gave.
    ///   - isLast: Whether the connection takes no request after this one.
    /// - Returns: How the answer goes out and what follows.
    package mutating func answer(_ number: UInt64, isLast: Bool) -> AnswerPlan? {
        guard number == self.number else { return nil }
        switch self.state {
        case .waiting(let framing):
            self.isOwed = false
            let keeps = framing.keepsAlive && !isLast
            self.state = keeps ? .idle : .ended
            return AnswerPlan(
                omitsBody: framing.isHead,
                field: !keeps ? .close : framing.saysKeepAlive ? .keepAlive : .none,
                next: keeps ? .next : .close
            )
        case .receiving(let framing, let received, _):
            self.isOwed = false
            // A sender that still waits for 100 Continue may or may not send its body now: nothing after it is safe.
            let remaining = framing.isChunked ? Int.max : (framing.contentLength ?? 0) - received
            let keeps =
                framing.keepsAlive && !isLast && !framing.expectsContinue && remaining <= self.discardLimitBytes
            self.state = keeps ? .discarding : .ended
            return AnswerPlan(
                omitsBody: framing.isHead,
                field: !keeps ? .close : framing.saysKeepAlive ? .keepAlive : .none,
                next: keeps ? .discard : remaining > 0 ? .linger : .close
            )
        case .idle, .discarding, .ended: return nil
        }
    }

    /// Ends the connection's requests; the one in progress, if any, is neither delivered further nor answerable.
    ///
    /// - Returns: Whether the responder owed an answer, so that it must learn of the end.
    package mutating func end() -> Bool {
        let owed = self.isOwed
        self.isOwed = false
        self.state = .ended
        return owed
    }
}
