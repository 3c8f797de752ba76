internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// The most bytes of retries and dead letters in one transaction; one share more at most.
    private static let settlementBytes = 16 << 20

    /// Stores what is settled, in one transaction over all lanes.
    ///
    /// What is refused as a whole is tried in halves, down to one destination in one lane: whoever is to blame stops
    /// nobody else. After a failure whose outcome is unknown the same settlement is tried again; stored once already, it
    /// is refused as moved, and its cursor is read anew.
    mutating func settle() async throws(WorkFailure) {
        try await self.unblock()
        if self.unsettled.isEmpty, let gathered = self.gathered() { self.unsettled = [gathered] }
        while let pending = self.unsettled.first {
            do throws(WorkFailure) {
                if try await self.write(pending.whole) {
                    self.unsettled.removeFirst()
                    for share in pending.shares { self.stored(share) }
                } else {
                    if let share = self.divided(pending) { self.reread(share) }
                }
            } catch .database(.deadline(let reason)) {
                // It may have been too much for the time it had; and it may be stored.
                if pending.shares.count > 1 { _ = self.divided(pending) }
                throw .database(.deadline(reason))
            } catch .database(let error) where error.isFinal {
                self.context.logger.error(
                    "settlement refused",
                    metadata: ["error": "\(error)", "shares": "\(pending.shares.count)"]
                )
                if case .conflict = error { try await self.makePartitions() }
                if let share = self.divided(pending) { self.hold(share) }
            }
        }
        try await self.unblock()
    }

    /// Puts the halves of the first in its place; gives the share when it is only one, which is taken out.
    private mutating func divided(_ pending: PendingSettlement) -> SettlementShare? {
        self.unsettled.removeFirst()
        guard pending.shares.count > 1 else { return pending.shares[0] }
        self.unsettled.insert(contentsOf: pending.halves, at: 0)
        return nil
    }

    /// Somebody else settled it, or it is stored already: the database knows where to go on.
    private mutating func reread(_ share: SettlementShare) {
        self.context.status.refused(lost: 0)
        self.release(share)
        guard self.follower(of: share)?.epoch == share.epoch else { return }
        self.context.logger.notice(
            "deliveries are read anew",
            metadata: ["lane": "\(share.lane.lane.number)", "destination": "\(share.destination)"]
        )
        self.rereadFollower(share.destination, of: share.lane.lane)
    }

    /// The database will not take it, whatever the reason: this destination waits, the others go on.
    private mutating func hold(_ share: SettlementShare) {
        self.destinations[share.destination]?.hold(until: .now.advanced(by: .seconds(60)))
        self.release(share)
        guard self.follower(of: share)?.epoch == share.epoch else { return }
        self.rereadFollower(share.destination, of: share.lane.lane)
    }

    /// Lets the rows of a share be read again, if they are still there.
    private mutating func release(_ share: SettlementShare) {
        for row in share.settlement.finished.map(\.row) + share.settlement.postponed.map(\.row) {
            self.heldRetries[row.id] = nil
        }
    }

    private func follower(of share: SettlementShare) -> LaneFollower? {
        self.lanes[share.lane.lane]?.followers[share.destination]
    }

    /// A conflict is mostly a day without its partition: to make it is cheap, and harmless when it is not the reason.
    private func makePartitions() async throws(WorkFailure) {
        let days = self.context.partitionDaysAhead
        try await self.run { connection, limit throws(PostgresError) in
            _ = try Partitions.ensure(daysAhead: days, &connection, within: limit)
        }
    }

    private func write(_ settlement: DeliverySettlement) async throws(WorkFailure) -> Bool {
        let start = ContinuousClock.now
        let outcome = try await self.run { connection, limit throws(PostgresError) in
            try SettlementWriter.write(settlement, &connection, within: limit)
        }
        self.context.metrics?.delivery.settlementSeconds.observe(ContinuousClock.now - start)
        return outcome == .stored
    }

    /// Takes what can be stored; `nil` when there is nothing worth a transaction.
    private mutating func gathered() -> PendingSettlement? {
        let now = Timestamp.now()
        var shares: [SettlementShare] = []
        var bytes = 0
        for lane in self.lanes.keys.sorted() {
            for destination in (self.lanes[lane]?.followers ?? [:]).keys.sorted() {
                guard bytes < Self.settlementBytes else { break }
                guard let share = self.share(of: destination, in: lane, at: now) else { continue }
                bytes += share.byteCount
                shares.append(share)
            }
        }
        return shares.isEmpty ? nil : PendingSettlement(shares: shares)
    }

    private mutating func share(
        of destination: DestinationID,
        in lane: Lane,
        at now: Timestamp
    ) -> SettlementShare? {
        guard let lease = self.lanes[lane]?.lease, var follower = self.lanes[lane]?.followers[destination] else {
            return nil
        }
        let isLeaving = self.lanes[lane]?.leavingSince != nil
        // To pass other organizations' events is worth no transaction of its own, only now and then.
        let isWorthIt =
            follower.window.availableMove.map { move in
                move.events > 0 || move.to - move.from >= 10_000 || isLeaving
            } ?? false
        guard isWorthIt || !follower.looseEnds.isEmpty else { return nil }
        // Out of the dictionary while it changes, so that nothing is copied.
        self.lanes[lane]?.followers[destination] = nil
        defer { self.lanes[lane]?.followers[destination] = follower }
        var settlement = DeliverySettlement(consumer: self.context.consumer, time: now, leases: [lease])
        let move = follower.window.takeMove()
        if let move {
            settlement.moves = [DestinationMove(move, lane: lane, destination: destination)]
            for outcome in follower.outcomes(passedBy: move) { settlement.take(outcome) }
        }
        let ends = follower.takeLooseEnds()
        settlement.finished = ends.finished
        settlement.postponed = ends.postponed
        settlement.deadLetters += ends.deadLetters
        settlement.attempts += ends.attempts
        settlement.announcements += ends.announcements
        settlement.minutes = ends.minutes
        return SettlementShare(
            lane: lease,
            destination: destination,
            epoch: follower.epoch,
            move: move,
            settlement: settlement
        )
    }

    /// Takes over that a share is stored.
    private mutating func stored(_ share: SettlementShare) {
        let key = FollowerKey(lane: share.lane.lane, destination: share.destination)
        self.release(share)
        guard let follower = self.follower(of: share), follower.epoch == share.epoch else { return }
        if let move = share.move {
            let before = follower.bytes
            let over = self.lanes[key.lane]?.followers[key.destination]?.committed(move) ?? []
            self.bufferedBytes += (self.follower(of: share)?.bytes ?? 0) - before
            for attempt in over { self.conclude(attempt) }
        }
        let due = (share.settlement.retries.compactMap(\.scheduledAt) + share.settlement.postponed.map(\.scheduledAt))
            .min()
        if let due { self.waitingRetries[key] = min(due, self.waitingRetries[key] ?? due) }
        for end in share.settlement.finished {
            guard let account = end.row.account else { continue }
            // The next of an ordered account is due at once.
            self.waitingRetries[key] = share.settlement.time
            self.endedAccounts.insert(
                BlockedAccount(lane: key.lane, destination: key.destination, account: account)
            )
        }
    }

    /// Lets accounts go on of which the retry queue holds nothing more.
    private mutating func unblock() async throws(WorkFailure) {
        guard !self.endedAccounts.isEmpty else { return }
        let ended = Array(self.endedAccounts)
        let blocked = Set(
            try await self.run { connection, limit throws(PostgresError) in
                try DeliveryRetries.blockedAccounts(among: ended, &connection, within: limit)
            }
        )
        for row in self.endedAccounts where !blocked.contains(row) {
            // Refused while parked events are not stored: their end will be noted again.
            _ = self.lanes[row.lane]?.followers[row.destination]?.order?.unblocked(row.account)
        }
        self.endedAccounts = []
    }
}

extension PostgresError {
    /// Whether the same will fail again when it is tried again as it is.
    fileprivate var isFinal: Bool {
        switch self {
        case .unreachable, .retry, .deadline: false
        case .conflict, .refused: true
        }
    }
}

extension DestinationMove {
    fileprivate init(_ move: DeliveryWindow.Move, lane: Lane, destination: DestinationID) {
        self.init(
            lane: lane,
            destination: destination,
            from: move.from,
            to: move.to,
            storedAt: move.storedAt,
            delivered: move.delivered,
            handed: move.handed,
            buried: move.buried,
            unsubscribed: move.unsubscribed
        )
    }
}

extension DeliverySettlement {
    /// Adds what became of one event.
    fileprivate mutating func take(_ outcome: SettledOutcome) {
        if let retry = outcome.retry { self.retries.append(retry) }
        if let letter = outcome.deadLetter { self.deadLetters.append(letter) }
        if let attempt = outcome.attempt { self.attempts.append(attempt) }
        if let announcement = outcome.announcement { self.announcements.append(announcement) }
    }
}
