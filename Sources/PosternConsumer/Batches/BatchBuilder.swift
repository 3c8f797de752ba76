package import PosternCrypto
internal import PosternLimits
package import PosternModel
internal import PosternPlatforms
package import PosternStore

/// Turns normalized deliveries and retries into one batch of writes.
///
/// A value without clock or I/O; here it is decided what becomes of a failure. Deliveries are added lane after lane, in
/// the order in which their events are to be numbered.
package struct BatchBuilder {
    private let schedule: RetrySchedule
    private let leases: [Lane: LeasedLane]
    private var batch: WriteBatch
    private var moves: [MoveKey: Int] = [:]
    private var lanes: [Lane: Int64] = [:]

    private struct MoveKey: Hashable {
        let lane: Lane
        let writer: Int64
    }

    /// Starts an empty batch.
    ///
    /// - Parameters:
    ///   - consumer: who writes.
    ///   - time: what the batch is stored under.
    ///   - leases: the lanes at hand; nothing of another lane may be added.
    ///   - configuration: when failed deliveries are tried again.
    package init(consumer: ConsumerID, time: Timestamp, leases: [LeasedLane], configuration: ConsumerConfiguration) {
        self.schedule = configuration.retries
        self.leases = Dictionary(leases.map { ($0.lane, $0) }, uniquingKeysWith: { first, _ in first })
        self.batch = WriteBatch(consumer: consumer, time: time)
    }

    /// Adds a delivery of the log, which moves its cursor.
    ///
    /// - Parameters:
    ///   - delivery: as read.
    ///   - normalization: what its body gave.
    ///   - endpoint: where it came in.
    ///   - eventNumber: the number of its lane's last event before the batch.
    ///   - ids: where its events take their identifiers from.
    ///   - random: spreads the time of a retry; asked for only when there is one.
    /// - Throws: ``CryptoError`` when libcrypto cannot hash.
    package mutating func add(
        _ delivery: StoredDelivery,
        _ normalization: Normalization,
        endpoint: RoutedEndpoint,
        eventNumber: Int64,
        ids: inout UniqueIDSequence,
        random: @autoclosure () -> UInt64
    ) throws(CryptoError) {
        self.touch(delivery.head.lane, eventNumber: eventNumber)
        let content = delivery.content
        switch normalization {
        case .events(let normalized, let platform, let version):
            try self.add(normalized, of: content, platform, version, endpoint, &ids)
            self.count(.normalized, content)
        case .permanent(let reason, let detail, let version):
            self.bury(FailedDelivery(content: content, reason: reason, detail: detail), attempts: 1, version)
        case .transient(let reason, let detail):
            let failed = FailedDelivery(content: content, reason: reason, detail: detail)
            if let wait = self.schedule.delay(beforeRetry: 1, random: random()) {
                self.batch.retries.append(
                    NewRetry(failed: failed, attempt: 1, scheduledAt: self.batch.time.advanced(by: wait))
                )
                self.count(.retried, content)
            } else {
                self.bury(failed, attempts: 1, nil)
            }
        }
        self.move(delivery)
    }

    /// Adds a retry, which settles its row in the queue.
    ///
    /// - Throws: ``CryptoError`` when libcrypto cannot hash.
    package mutating func add(
        _ retry: DueRetry,
        _ normalization: Normalization,
        endpoint: RoutedEndpoint,
        eventNumber: Int64,
        ids: inout UniqueIDSequence,
        random: @autoclosure () -> UInt64
    ) throws(CryptoError) {
        let content = retry.content
        self.touch(content.lane, eventNumber: eventNumber)
        let firstEvent = self.batch.events.count
        var outcome = RetrySettlement.Outcome.finished
        switch normalization {
        case .events(let normalized, let platform, let version):
            try self.add(normalized, of: content, platform, version, endpoint, &ids)
            // What a job normalizes again was counted when it was normalized first.
            if !retry.isReplay { self.count(.recovered, content) }
            if !retry.isReplay || retry.deadLetter != nil { self.count(.normalized, content) }
            self.settle(retry, .resolved(events: firstEvent..<self.batch.events.count))
        case .permanent(let reason, let detail, let version):
            self.giveUp(retry, FailedDelivery(content: content, reason: reason, detail: detail), version)
        case .transient(let reason, let detail):
            let failed = FailedDelivery(content: content, reason: reason, detail: detail)
            // The first attempt of a replay is the row itself; of a retry it came before the row.
            let next = retry.isReplay ? Int(retry.attempt) : Int(retry.attempt) + 1
            if let wait = self.schedule.delay(beforeRetry: next, random: random()) {
                outcome = .postponed(
                    attempt: retry.attempt + 1,
                    scheduledAt: self.batch.time.advanced(by: wait),
                    reason: failed.reason,
                    detail: failed.detail
                )
                if !retry.isReplay { self.count(.retried, content) }
            } else {
                self.giveUp(retry, failed, nil)
            }
        }
        self.batch.settlements.append(RetrySettlement(lane: content.lane, id: retry.id, outcome: outcome))
    }

    /// The accounts whose organization must be looked up before the batch is finished, by platform.
    package func accountsToRoute(_ isRouted: (EndpointID) -> Bool) -> [PlatformName: Set<String>] {
        var accounts: [PlatformName: Set<String>] = [:]
        for event in self.batch.events where isRouted(event.endpoint) {
            if let account = event.account { accounts[event.platform, default: []].insert(account) }
        }
        return accounts
    }

    /// Gives the events of routed endpoints to the organizations of their accounts; an account without one stays with
    /// the endpoint's organization.
    package mutating func route(
        _ organizations: [PlatformName: [String: OrganizationID]],
        _ isRouted: (EndpointID) -> Bool
    ) {
        for index in self.batch.events.indices where isRouted(self.batch.events[index].endpoint) {
            let event = self.batch.events[index]
            guard let account = event.account, let organization = organizations[event.platform]?[account] else {
                continue
            }
            self.batch.events[index].organization = organization
        }
    }

    /// The batch, with its lanes in order; `nil` when nothing was added.
    package consuming func finish() -> WriteBatch? {
        guard !self.lanes.isEmpty else { return nil }
        var batch = self.batch
        batch.lanes = self.lanes.compactMap { lane, number in
            self.leases[lane].map { LaneWork(lease: $0, eventNumber: number) }
        }.sorted { $0.lease < $1.lease }
        return batch
    }

    private mutating func touch(_ lane: Lane, eventNumber: Int64) {
        precondition(self.leases[lane] != nil, "a delivery of lane \(lane), which is not at hand")
        self.lanes[lane] = eventNumber
    }

    private mutating func move(_ delivery: StoredDelivery) {
        let head = delivery.head
        let key = MoveKey(lane: head.lane, writer: head.writer)
        if let position = self.moves[key] {
            let move = self.batch.moves[position]
            self.batch.moves[position] = CursorMove(
                lane: move.lane,
                writer: move.writer,
                from: move.from,
                to: head.sequence,
                storedAt: head.storedAt,
                deliveries: move.deliveries + 1
            )
        } else {
            self.moves[key] = self.batch.moves.count
            self.batch.moves.append(
                CursorMove(
                    lane: head.lane,
                    writer: head.writer,
                    from: delivery.cursor,
                    to: head.sequence,
                    storedAt: head.storedAt,
                    deliveries: 1
                )
            )
        }
    }

    private mutating func add(
        _ normalized: Normalized,
        of content: DeliveryContent,
        _ platform: PlatformName,
        _ version: Int32,
        _ endpoint: RoutedEndpoint,
        _ ids: inout UniqueIDSequence
    ) throws(CryptoError) {
        for event in normalized.events {
            self.batch.events.append(
                NewEvent(
                    lane: content.lane,
                    id: EventID(ids.next(at: self.batch.time)),
                    organization: content.organization,
                    ledgerOrganization: content.organization,
                    endpoint: content.endpoint,
                    delivery: content.id,
                    platform: platform,
                    definitionVersion: version,
                    type: event.type,
                    source: endpoint.source,
                    subject: event.subject,
                    account: event.account,
                    time: event.time,
                    key: event.key,
                    ledgerKey: try LedgerKey(endpoint: content.endpoint, account: event.account, key: event.key),
                    data: event.data
                )
            )
        }
        self.count(.unrecognized, content, Int64(normalized.unrecognized))
    }

    /// Ends a retry that failed for good: as a new dead letter, or in the one it is a replay of.
    private mutating func giveUp(_ retry: DueRetry, _ failed: FailedDelivery, _ version: Int32?) {
        guard retry.deadLetter != nil else {
            self.bury(failed, attempts: retry.attempt + 1, version)
            return
        }
        self.settle(
            retry,
            .reopened(
                reason: failed.reason,
                detail: failed.detail,
                attempts: retry.attempt,
                definitionVersion: version
            )
        )
    }

    /// Notes what becomes of the dead letter that a retry is a replay of, if it is one.
    private mutating func settle(_ retry: DueRetry, _ outcome: ReplaySettlement.Outcome) {
        guard let letter = retry.deadLetter else { return }
        self.batch.replays.append(
            ReplaySettlement(lane: retry.content.lane, letter: letter, replay: retry.id, outcome: outcome)
        )
    }

    private mutating func bury(_ failed: FailedDelivery, attempts: Int32, _ version: Int32?) {
        self.batch.deadLetters.append(
            NewDeadLetter(failed: failed, attempts: attempts, definitionVersion: version)
        )
        self.count(.deadLettered, failed.content)
    }

    private mutating func count(_ outcome: TrafficOutcome, _ content: DeliveryContent, _ count: Int64 = 1) {
        // A name that is none cannot be counted; there is no endpoint whose deliveries bear it.
        guard count > 0, let platform = content.platformName else { return }
        self.batch.tally.add(
            count,
            to: ConsumerTally.Subject(
                lane: content.lane,
                organization: content.organization,
                endpoint: content.endpoint,
                platform: platform,
                outcome: outcome
            )
        )
    }
}
