internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// Notes how an attempt ended: what becomes of its event, of its account, and of its destination's circuit.
    mutating func ended(_ attempt: EndedAttempt) {
        self.inFlight -= 1
        self.destinations[attempt.destination]?.attemptEnded()
        if attempt.isProbe { self.destinations[attempt.destination]?.isProbing = false }
        if let organization = self.destinations[attempt.destination]?.record.organization {
            self.turns.add(organization)
        }
        guard self.lanes[attempt.lane]?.followers[attempt.destination]?.epoch == attempt.epoch else { return }
        self.lanes[attempt.lane]?.followers[attempt.destination]?.inFlight -= 1
        guard case .event(let event) = attempt.subject else { return self.conclude(attempt) }
        if let attempt = self.lanes[attempt.lane]?.followers[attempt.destination]?.ended(attempt, of: event) {
            self.conclude(attempt)
        }
    }

    /// Judges an attempt that is over.
    mutating func conclude(_ attempt: EndedAttempt) {
        // What we stopped ourselves is nothing the event has to answer for.
        guard let answer = attempt.answer, !answer.wasCanceled else { return self.takeBack(attempt) }
        let verdict = AttemptVerdict(answer)
        self.count(attempt, answer, verdict)
        self.judge(attempt, verdict)
        switch verdict {
        case .delivered: self.delivered(attempt, answer)
        case .transient(let reason): self.failed(attempt, answer, reason: reason)
        case .permanent(let reason): self.bury(attempt, answer, reason: reason)
        case .gone:
            // Until the database has it, and says since when.
            self.destinations[attempt.destination]?.goneSince = Timestamp(seconds: .max)
            self.circuitActs.append(
                .disable(attempt.destination, reason: "it answered 410 Gone: it wants nothing more")
            )
            self.bury(attempt, answer, reason: "http_410")
        }
    }

    /// Lets the destination's circuit know.
    private mutating func judge(_ attempt: EndedAttempt, _ verdict: AttemptVerdict) {
        guard self.destinations[attempt.destination] != nil else { return }
        if attempt.isProbe {
            // A probe that failed is an attempt like any other: were it free, an event that can never be delivered
            // would be the probe for ever.
            switch verdict {
            case .transient(let reason), .permanent(let reason):
                self.circuitActs.append(.reopen(attempt.destination, reason: reason))
            case .delivered, .gone: self.circuitActs.append(.close(attempt.destination))
            }
            return
        }
        let reason: String
        switch verdict {
        case .delivered: reason = ""
        case .transient(let cause), .permanent(let cause): reason = cause
        case .gone: return
        }
        let opens = self.destinations[attempt.destination]?.record(success: verdict == .delivered, at: .now) ?? false
        if opens { self.circuitActs.append(.open(attempt.destination, reason: reason)) }
    }

    private mutating func count(_ attempt: EndedAttempt, _ answer: OutboundAnswer, _ verdict: AttemptVerdict) {
        self.observe(attempt, answer, verdict)
        guard let organization = self.destinations[attempt.destination]?.record.organization else { return }
        self.lanes[attempt.lane]?.followers[attempt.destination]?.looseEnds.minutes.add(
            verdict.outcome,
            destination: attempt.destination,
            organization: organization,
            isRetry: attempt.number > 1,
            duration: answer.duration,
            at: answer.startedAt
        )
    }

    private func observe(_ attempt: EndedAttempt, _ answer: OutboundAnswer, _ verdict: AttemptVerdict) {
        guard let metrics = self.context.metrics?.delivery else { return }
        metrics.attemptSeconds.observe(answer.duration)
        switch verdict {
        case .delivered: metrics.delivered.increment()
        case .transient: metrics.transient.increment()
        case .permanent, .gone: metrics.permanent.increment()
        }
        guard verdict == .delivered, case .event(let event) = attempt.subject else { return }
        metrics.lagSeconds.observe(.microseconds(max(0, Timestamp.now().microseconds(since: event.storedAt))))
    }

    private mutating func delivered(_ attempt: EndedAttempt, _ answer: OutboundAnswer) {
        switch attempt.subject {
        case .event(let event): self.settle(event, of: attempt.destination, as: .delivered, nil)
        case .retry(let retry):
            self.change(retry.row) { ends in
                ends.attempts.append(Self.record(attempt, answer, outcome: "delivered"))
                ends.finished.append(RetryEnd(row: retry.row, how: .delivered))
            }
        }
    }

    /// A failure that may pass: the event waits for its next attempt, unless there is none.
    private mutating func failed(_ attempt: EndedAttempt, _ answer: OutboundAnswer, reason: String) {
        guard let active = self.destinations[attempt.destination] else { return self.takeBack(attempt) }
        var generator = SystemRandomNumberGenerator()
        let wait = active.schedule.delay(
            beforeRetry: Int(attempt.number),
            random: generator.next(),
            retryAfter: answer.retryAfter
        )
        guard let wait else { return self.bury(attempt, answer, reason: reason) }
        let (failure, record) = (answer.failure(reason), Self.record(attempt, answer, outcome: reason))
        let due = Timestamp.now().advanced(by: wait)
        switch attempt.subject {
        case .event(let event):
            let row = NewDeliveryRetry(
                content: OutgoingEvent(event, to: attempt.destination),
                attempt: 1,
                scheduledAt: due,
                account: active.record.isOrdered ? event.account : nil,
                failure: failure
            )
            let outcome = SettledOutcome(retry: row, attempt: record)
            self.settle(event, of: attempt.destination, as: .handed, outcome)
        case .retry(let retry):
            self.change(retry.row) { ends in
                ends.attempts.append(record)
                ends.postponed.append(
                    PostponedDelivery(
                        row: retry.row,
                        attempt: retry.row.attempt &+ 1,
                        scheduledAt: due,
                        failure: failure
                    )
                )
            }
        }
    }

    /// A failure that will not pass, or the last of its attempts: the event becomes a dead letter.
    private mutating func bury(_ attempt: EndedAttempt, _ answer: OutboundAnswer, reason: String) {
        let (failure, record) = (answer.failure(reason), Self.record(attempt, answer, outcome: reason))
        switch attempt.subject {
        case .event(let event):
            let letter = NewDeliveryDeadLetter(
                content: OutgoingEvent(event, to: attempt.destination),
                type: event.type,
                definitionVersion: event.definitionVersion,
                attempts: 1,
                failure: failure
            )
            let outcome = SettledOutcome(deadLetter: letter, attempt: record)
            self.settle(event, of: attempt.destination, as: .buried, outcome)
        case .retry(let retry):
            self.change(retry.row) { $0.attempts.append(record) }
            self.bury(retry, failure)
        }
    }

    /// Ends a retry as a dead letter; one that replays a dead letter opens that one again.
    mutating func bury(_ retry: DueDelivery, _ failure: DeliveryFailure) {
        let letter = self.letter(of: retry, failure)
        self.change(retry.row) { ends in
            ends.finished.append(RetryEnd(row: retry.row, how: .buried(failure)))
            if let letter { ends.deadLetters.append(letter) }
        }
    }

    /// The dead letter of a row of the retry queue; `nil` for one that replays a dead letter.
    func letter(of retry: DueDelivery, _ failure: DeliveryFailure) -> NewDeliveryDeadLetter? {
        guard retry.row.deadLetter == nil else { return nil }
        var (type, version) = ("", Int32(0))
        do {
            let event = try CloudEvent(attributes: retry.content.attributes, data: [])
            (type, version) = (event.type, event.definitionVersion)
        } catch {
            self.context.logger.error(
                "event in the retry queue cannot be read",
                metadata: ["event": "\(retry.content.event)", "error": "\(error)"]
            )
        }
        return NewDeliveryDeadLetter(
            content: retry.content,
            type: type,
            definitionVersion: version,
            attempts: retry.number,
            failure: failure,
            job: retry.row.job
        )
    }

    /// Announces an event that somebody asked to have announced again.
    mutating func announce(_ retry: DueDelivery, on channel: String?) {
        self.change(retry.row) { ends in
            if let channel { ends.announcements.append(Announcement(channel: channel, event: retry.content.event)) }
            ends.finished.append(RetryEnd(row: retry.row, how: .delivered))
        }
    }

    /// Notes what becomes of a row of the retry queue.
    private mutating func change(_ row: RetryRow, _ body: (inout LooseEnds) -> Void) {
        guard var ends = self.lanes[row.lane]?.followers[row.destination]?.takeLooseEnds() else { return }
        body(&ends)
        self.lanes[row.lane]?.followers[row.destination]?.looseEnds = ends
    }

    /// Settles an event of the log.
    mutating func settle(
        _ event: EventRecord,
        of destination: DestinationID,
        as fate: DeliveryWindow.Settled,
        _ outcome: SettledOutcome?
    ) {
        guard var follower = self.lanes[event.lane]?.followers[destination] else { return }
        self.lanes[event.lane]?.followers[destination] = nil
        let before = follower.bytes
        follower.settle(event, as: fate, outcome) { Self.parked($0, for: destination) }
        self.bufferedBytes += follower.bytes - before
        if follower.readyCount > 0 { self.readyLanes[destination, default: []].insert(event.lane) }
        self.lanes[event.lane]?.followers[destination] = follower
    }

    /// Puts back what was not sent for a reason of ours.
    private mutating func takeBack(_ attempt: EndedAttempt) {
        switch attempt.subject {
        case .event(let event):
            guard self.lanes[attempt.lane]?.followers[attempt.destination] != nil else { return }
            self.lanes[attempt.lane]?.followers[attempt.destination]?.putBack(event)
            self.bufferedBytes += event.data.count
            self.readyLanes[attempt.destination, default: []].insert(attempt.lane)
        case .retry(let retry):
            self.bufferedBytes += retry.content.byteCount
            self.dueRetries[attempt.destination, default: []].append(retry)
        }
    }

    private static func record(_ attempt: EndedAttempt, _ answer: OutboundAnswer, outcome: String) -> NewAttempt {
        let (organization, event) =
            switch attempt.subject {
            case .event(let event): (event.organization, event.id)
            case .retry(let retry): (retry.content.organization, retry.content.event)
            }
        return NewAttempt(
            lane: attempt.lane,
            startedAt: answer.startedAt,
            organization: organization,
            destination: attempt.destination,
            event: event,
            attempt: attempt.number,
            duration: answer.duration,
            outcome: outcome,
            status: answer.status,
            answer: answer.status == nil ? nil : answer.text,
            error: answer.detail
        )
    }
}
