internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// Starts as many attempts as there is room for, by turns of the organizations.
    mutating func send(_ attempts: inout DiscardingTaskGroup) async throws(WorkFailure) {
        let room = self.context.configuration.inFlight - self.inFlight
        guard room > 0, !self.turns.isEmpty else { return }
        let now = Timestamp.now()
        // Out of the engine while it asks the engine what there is.
        var ring = self.turns
        let turns = ring.next(capacity: room) { organization in
            var (held, waiting) = (0, 0)
            for destination in self.following[organization] ?? [] {
                held += self.destinations[destination]?.inFlight ?? 0
                waiting += self.sendable(to: destination, at: now)
            }
            // An organization may have as many under way as are free: alone it gets half, two get a third each, and one
            // whose destinations are slow leaves room for the next. It is back in the ring when one of its own ends.
            return min(waiting, max(0, room - held))
        }
        self.turns = ring
        var waitsForPace: Set<OrganizationID> = []
        for turn in turns {
            var left = turn.count
            // One organization's destinations share its turn evenly, whatever each has waiting.
            var candidates = (self.following[turn.key] ?? []).filter { self.sendable(to: $0, at: now) > 0 }.shuffled()
            while left > 0, let destination = candidates.popLast() {
                let share = max(1, left / (candidates.count + 1))
                let wanted = min(share, self.sendable(to: destination, at: now))
                guard wanted > 0 else { continue }
                if self.destinations[destination]?.readiness(at: now) == .probe {
                    if try await self.startProbe(of: destination) {
                        self.start(1, to: destination, isProbe: true, &attempts)
                    }
                    left -= 1
                    continue
                }
                let granted = self.destinations[destination]?.take(wanted, at: .now) ?? 0
                if granted < wanted { waitsForPace.insert(turn.key) }
                self.start(granted, to: destination, isProbe: false, &attempts)
                left -= max(granted, 1)
            }
            if self.isReady(turn.key) { self.turns.add(turn.key) }
        }
        for organization in waitsForPace { self.turns.add(organization) }
    }

    /// Whether an organization may have something to send, now or when an attempt has ended.
    private func isReady(_ organization: OrganizationID) -> Bool {
        (self.following[organization] ?? []).contains { destination in
            self.readyLanes[destination]?.isEmpty == false || self.dueRetries[destination]?.isEmpty == false
        }
    }

    /// How many attempts at a destination could start now, its rate aside.
    private func sendable(to destination: DestinationID, at now: Timestamp) -> Int {
        guard let active = self.destinations[destination] else { return 0 }
        let waiting =
            (self.dueRetries[destination]?.count ?? 0)
            + (self.readyLanes[destination] ?? []).reduce(0) { sum, lane in
                guard self.sendingLanes.contains(lane) else { return sum }
                return sum + (self.lanes[lane]?.followers[destination]?.readyCount ?? 0)
            }
        switch active.readiness(at: now) {
        case .open: return min(waiting, active.room)
        case .probe: return min(waiting, 1)
        case .held: return 0
        }
    }

    /// Starts attempts: due retries first, which have waited longest, but half of the room is left for new events.
    private mutating func start(
        _ count: Int,
        to destination: DestinationID,
        isProbe: Bool,
        _ attempts: inout DiscardingTaskGroup
    ) {
        var left = count
        // A probe is better a new event, which has its whole schedule before it.
        let hasEvents = self.readyLanes[destination]?.isEmpty == false
        var retriesLeft = hasEvents ? (isProbe ? 0 : (count + 1) / 2) : count
        while left > 0, retriesLeft > 0, let retry = self.dueRetries[destination]?.popLast() {
            retriesLeft -= 1
            if self.start(retry, isProbe: isProbe, &attempts) { left -= 1 }
        }
        for lane in (self.readyLanes[destination] ?? []).shuffled() where left > 0 && self.sendingLanes.contains(lane) {
            while left > 0, let event = self.lanes[lane]?.followers[destination]?.next() {
                self.bufferedBytes -= event.data.count
                self.start(event, to: destination, isProbe: isProbe, &attempts)
                left -= 1
            }
            if self.lanes[lane]?.followers[destination]?.readyCount ?? 0 == 0 {
                self.readyLanes[destination]?.remove(lane)
            }
        }
        while left > 0, let retry = self.dueRetries[destination]?.popLast() {
            if self.start(retry, isProbe: isProbe, &attempts) { left -= 1 }
        }
    }

    private mutating func start(
        _ event: EventRecord,
        to destination: DestinationID,
        isProbe: Bool,
        _ attempts: inout DiscardingTaskGroup
    ) {
        guard let active = self.destinations[destination] else { return }
        if active.record.kind == .postgresNotify {
            // The announcement is part of the settlement: it is heard if and only if the cursor has moved.
            let outcome = SettledOutcome(
                announcement: active.record.channel.map { Announcement(channel: $0, event: event.id) }
            )
            self.lanes[event.lane]?.followers[destination]?.looseEnds.minutes.add(
                "delivered",
                destination: destination,
                organization: event.organization,
                isRetry: false,
                duration: .zero,
                at: .now()
            )
            self.settle(event, of: destination, as: .delivered, outcome)
            if isProbe { self.circuitActs.append(.close(destination)) }
            return
        }
        self.attempt(
            .event(event),
            in: event.lane,
            OutboundMessage(event: CloudEvent(event), attempt: 1, original: nil, isTest: false),
            to: active,
            isProbe: isProbe,
            &attempts
        )
    }

    /// Starts a retry; false when nothing was sent because it can never be.
    private mutating func start(
        _ retry: DueDelivery,
        isProbe: Bool,
        _ attempts: inout DiscardingTaskGroup
    ) -> Bool {
        let content = retry.content
        self.bufferedBytes -= content.byteCount
        guard let active = self.destinations[content.destination], self.sendingLanes.contains(content.lane),
            self.lanes[content.lane]?.followers[content.destination] != nil
        else {
            self.heldRetries[retry.row.id] = nil
            return false
        }
        if active.record.kind == .postgresNotify {
            self.announce(retry, on: active.record.channel)
            return false
        }
        // Somebody gave it another body: that is sent where the original request would be.
        let original =
            content.headers.isEmpty ? nil : OriginalRequest(headers: content.headers, body: content.payload)
        let event: CloudEvent
        do {
            event = try CloudEvent(attributes: content.attributes, data: content.payload)
        } catch {
            let failure = DeliveryFailure(reason: "malformed_event", detail: "\(error)")
            self.bury(retry, failure)
            return false
        }
        self.attempt(
            .retry(retry),
            in: content.lane,
            OutboundMessage(event: event, attempt: Int(retry.number), original: original, isTest: false),
            to: active,
            isProbe: isProbe,
            &attempts
        )
        return true
    }

    private mutating func attempt(
        _ subject: EndedAttempt.Subject,
        in lane: Lane,
        _ message: OutboundMessage,
        to active: ActiveDestination,
        isProbe: Bool,
        _ attempts: inout DiscardingTaskGroup
    ) {
        let destination = active.record.id
        guard let target = active.target, let epoch = self.lanes[lane]?.followers[destination]?.epoch else { return }
        self.inFlight += 1
        self.lanes[lane]?.followers[destination]?.inFlight += 1
        if case .event(let event) = subject { self.lanes[lane]?.followers[destination]?.started(event, at: .now) }
        self.destinations[destination]?.inFlight += 1
        if isProbe { self.destinations[destination]?.isProbing = true }
        let (client, inbox, database, limit) = (
            self.context.client, self.context.inbox, self.context.originals, self.context.databaseLimit
        )
        let needsOriginal = target.form == .raw && message.original == nil
        attempts.addTask {
            var original = message.original
            if needsOriginal {
                do throws(PostgresError) {
                    original = try await database.run(within: limit) { connection throws(PostgresError) in
                        let requests = try OriginalRequests.read([message.event.delivery], &connection, within: limit)
                        return requests[message.event.delivery].map {
                            OriginalRequest(headers: $0.headers, body: $0.body)
                        }
                    }
                } catch {
                    // Our own trouble is nothing the event has to answer for.
                    inbox.post(
                        EndedAttempt(
                            subject: subject,
                            lane: lane,
                            destination: destination,
                            epoch: epoch,
                            isProbe: isProbe,
                            answer: nil
                        )
                    )
                    return
                }
            }
            let answer = await client.send(
                OutboundMessage(event: message.event, attempt: message.attempt, original: original, isTest: false),
                to: target
            )
            inbox.post(
                EndedAttempt(
                    subject: subject,
                    lane: lane,
                    destination: destination,
                    epoch: epoch,
                    isProbe: isProbe,
                    answer: answer
                )
            )
        }
    }
}
