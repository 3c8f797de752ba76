internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// Stores what is settled, in one transaction over all lanes.
    ///
    /// After a failure whose outcome is unknown the same settlement is tried again: stored once already, it is refused as
    /// moved, and the lanes are read anew.
    mutating func settle() async throws(WorkFailure) {
        try await self.unblock()
        if self.unsettled == nil { self.unsettled = self.gathered() }
        guard let unsettled = self.unsettled else { return }
        if try await self.write(unsettled.whole) {
            for (lane, share) in unsettled.shares { self.stored(share, in: lane) }
            self.unsettled = nil
            return try await self.unblock()
        }
        self.unsettled = nil
        // Some lane is not ours any more, or was stored already: each by itself, so that the others go on.
        for (lane, share) in unsettled.shares.sorted(by: { $0.key < $1.key })
        where self.lanes[lane]?.epoch == share.epoch {
            if unsettled.shares.count > 1, try await self.write(share.settlement) {
                self.stored(share, in: lane)
            } else {
                self.context.status.refused(lost: 0)
                self.context.logger.notice("deliveries of a lane are read anew", metadata: ["lane": "\(lane.number)"])
                self.rereadLane(lane)
            }
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

    /// Takes all that can be stored; `nil` when there is nothing worth a transaction.
    private mutating func gathered() -> (whole: DeliverySettlement, shares: [Lane: LaneShare])? {
        let now = Timestamp.now()
        var whole = DeliverySettlement(consumer: self.context.consumer, time: now, leases: [])
        var shares: [Lane: LaneShare] = [:]
        for lane in self.lanes.keys.sorted() {
            guard let share = self.share(of: lane, at: now) else { continue }
            whole.leases.append(contentsOf: share.settlement.leases)
            whole.moves.append(contentsOf: share.settlement.moves)
            whole.retries.append(contentsOf: share.settlement.retries)
            whole.deadLetters.append(contentsOf: share.settlement.deadLetters)
            whole.finished.append(contentsOf: share.settlement.finished)
            whole.postponed.append(contentsOf: share.settlement.postponed)
            whole.attempts.append(contentsOf: share.settlement.attempts)
            whole.announcements.append(contentsOf: share.settlement.announcements)
            whole.minutes.add(share.settlement.minutes)
            shares[lane] = share
        }
        return shares.isEmpty ? nil : (whole, shares)
    }

    private mutating func share(of lane: Lane, at now: Timestamp) -> LaneShare? {
        guard var delivery = self.lanes[lane] else { return nil }
        var settlement = DeliverySettlement(consumer: self.context.consumer, time: now, leases: [delivery.lease])
        var moves: [DestinationID: DeliveryWindow.Move] = [:]
        // Out of the dictionary while it changes, so that nothing is copied.
        self.lanes[lane] = nil
        defer { self.lanes[lane] = delivery }
        for destination in delivery.followers.keys.sorted() {
            guard let available = delivery.followers[destination]?.window.availableMove else { continue }
            // To pass other organizations' events is worth no transaction of its own, only now and then.
            let isIdle = available.events == 0
            guard
                !isIdle || delivery.hasLooseEnds || available.to - available.from >= 10_000
                    || delivery.leavingSince != nil
            else { continue }
            guard let move = delivery.followers[destination]?.window.takeMove(),
                let outcomes = delivery.followers[destination]?.outcomes(passedBy: move)
            else { continue }
            moves[destination] = move
            settlement.moves.append(
                DestinationMove(
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
            )
            for outcome in outcomes { settlement.take(outcome) }
        }
        guard !moves.isEmpty || delivery.hasLooseEnds else { return nil }
        settlement.finished = delivery.finished
        settlement.postponed = delivery.postponed
        settlement.deadLetters += delivery.deadLetters
        settlement.attempts += delivery.attempts
        settlement.announcements += delivery.announcements
        settlement.minutes = delivery.minutes
        delivery.takenLooseEnds()
        return LaneShare(epoch: delivery.epoch, moves: moves, settlement: settlement)
    }

    /// Takes over that a lane's part of a settlement is stored.
    private mutating func stored(_ share: LaneShare, in lane: Lane) {
        for row in share.settlement.finished.map(\.row) + share.settlement.postponed.map(\.row) {
            self.heldRetries.remove(row.id)
        }
        guard self.lanes[lane]?.epoch == share.epoch else { return }
        for (destination, move) in share.moves {
            self.lanes[lane]?.followers[destination]?.committed(move)
        }
        for retry in share.settlement.retries {
            guard let due = retry.scheduledAt else { continue }
            let key = FollowerKey(lane: lane, destination: retry.content.destination)
            self.waitingRetries[key] = min(due, self.waitingRetries[key] ?? due)
        }
        // The next of an ordered account is due at once.
        for end in share.settlement.finished {
            guard let account = end.row.account else { continue }
            self.waitingRetries[FollowerKey(lane: lane, destination: end.row.destination)] = share.settlement.time
            self.endedAccounts.insert(BlockedAccount(lane: lane, destination: end.row.destination, account: account))
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

extension DeliverySettlement {
    /// Adds what became of one event.
    fileprivate mutating func take(_ outcome: SettledOutcome) {
        if let retry = outcome.retry { self.retries.append(retry) }
        if let letter = outcome.deadLetter { self.deadLetters.append(letter) }
        if let attempt = outcome.attempt { self.attempts.append(attempt) }
        if let announcement = outcome.announcement { self.announcements.append(announcement) }
    }
}
