internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// How many due retries of one destination and lane are read at a time.
    private static let retriesPerLook = 64
    /// The same when what is held fills the bound.
    private static let retriesWhenFull = 4
    /// The most bytes of retries that are read at a time.
    private static let retryBytes = 8 << 20

    /// Reads retries whose time has come, for destinations that may be sent to.
    mutating func readRetries() async throws(WorkFailure) {
        try await self.lookForRetries()
        let now = Timestamp.now()
        let isFull = self.bufferedBytes >= self.context.configuration.bufferedBytes
        var requests: [DueRequest] = []
        for (key, earliest) in self.waitingRetries where earliest <= now {
            guard let active = self.destinations[key.destination], self.sendingLanes.contains(key.lane),
                self.lanes[key.lane]?.followers[key.destination] != nil,
                self.dueRetries[key.destination]?.isEmpty ?? true
            else { continue }
            let room: Int
            switch active.readiness(at: now) {
            case .open: room = min(active.room, isFull ? Self.retriesWhenFull : Self.retriesPerLook)
            case .probe: room = self.readyLanes[key.destination]?.isEmpty ?? true ? 1 : 0
            case .held: room = 0
            }
            if room > 0 { requests.append(DueRequest(lane: key.lane, destination: key.destination, limit: room)) }
        }
        guard !requests.isEmpty else { return }
        let wishes = requests
        let (consumer, held) = (self.context.consumer, Array(self.heldRetries.keys))
        let rows = try await self.run { connection, limit throws(PostgresError) in
            try DeliveryRetries.due(
                wishes,
                owner: consumer,
                at: now,
                excluding: held,
                bytesInAll: Self.retryBytes,
                &connection,
                within: limit
            )
        }
        var brought: [FollowerKey: Int] = [:]
        for row in rows.sorted(by: { ($0.scheduledAt, $0.row.id) > ($1.scheduledAt, $1.row.id) }) {
            self.hold(row)
            self.bufferedBytes += row.content.byteCount
            self.dueRetries[row.row.destination, default: []].append(row)
            brought[FollowerKey(lane: row.row.lane, destination: row.row.destination), default: 0] += 1
            self.turns.add(row.content.organization)
        }
        for request in requests {
            let key = FollowerKey(lane: request.lane, destination: request.destination)
            // Fewer than asked for: the next look at the queue tells when more is due.
            if brought[key, default: 0] < request.limit { self.waitingRetries[key] = nil }
        }
    }

    private mutating func hold(_ row: DueDelivery) {
        self.heldRetries[row.row.id] = FollowerKey(lane: row.row.lane, destination: row.row.destination)
    }

    /// Looks now and then where the queue holds something: other processes put replays there.
    private mutating func lookForRetries() async throws(WorkFailure) {
        guard ContinuousClock.now >= self.nextRetryLook, !self.lanes.isEmpty else { return }
        let (lanes, consumer) = (self.lanes.keys.sorted(), self.context.consumer)
        let waiting = try await self.run { connection, limit throws(PostgresError) in
            try DeliveryRetries.waiting(in: lanes, owner: consumer, &connection, within: limit)
        }
        self.nextRetryLook = .now.advanced(by: self.context.configuration.retryLook)
        let now = Timestamp.now()
        for active in self.destinations.values where active.readiness(at: now) == .probe {
            self.turns.add(active.record.organization)
        }
        try await self.buryDeleted(Set(waiting.map(\.destination)).subtracting(self.destinations.keys))
        for each in waiting {
            self.waitingRetries[FollowerKey(lane: each.lane, destination: each.destination)] = each.earliest
        }
    }

    /// Buries what waits for destinations that were deleted: a settlement that was under way may have handed one event
    /// more to the queue after everything there had been buried.
    private mutating func buryDeleted(_ unknown: Set<DestinationID>) async throws(WorkFailure) {
        guard !unknown.isEmpty else { return }
        let (lanes, consumer, held) = (self.lanes.keys.sorted(), self.context.consumer, Array(self.heldRetries.keys))
        // Whenever they are due.
        let time = Timestamp.now().advanced(by: .seconds(10 * 365 * 86_400))
        let rows = try await self.run { connection, limit throws(PostgresError) in
            // Those that are not deleted are new, or cannot be read: they are left.
            let deleted = try DestinationReader.deleted(among: unknown.sorted(), &connection, within: limit)
            return try DeliveryRetries.due(
                deleted.flatMap { destination in
                    lanes.map { DueRequest(lane: $0, destination: destination, limit: Self.retriesPerLook) }
                },
                owner: consumer,
                at: time,
                excluding: held,
                bytesInAll: Self.retryBytes,
                &connection,
                within: limit
            )
        }
        let failure = DeliveryFailure(reason: "destination_deleted", detail: "its destination was deleted")
        for row in rows {
            guard let lease = self.lanes[row.row.lane]?.lease else { continue }
            self.hold(row)
            var settlement = DeliverySettlement(consumer: consumer, time: .now(), leases: [lease])
            settlement.finished = [RetryEnd(row: row.row, how: .buried(failure))]
            settlement.deadLetters = self.letter(of: row, failure).map { [$0] } ?? []
            let share = SettlementShare(
                lane: lease,
                destination: row.row.destination,
                epoch: 0,
                move: nil,
                settlement: settlement
            )
            self.unsettled.append(PendingSettlement(shares: [share]))
        }
    }
}
