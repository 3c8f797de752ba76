internal import PosternLimits
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension LaneWorker {
    /// How often rows stored under a time more than an hour ahead of our clock are looked for, too.
    private static let farLookInterval: Duration = .seconds(30)
    /// How many bytes are normalized before others have a turn.
    private static let bytesPerTurn = 262_144
    /// The most retries of one lane in one batch.
    private static let retriesPerLane = 64

    /// Reads on in the log, and stores what it gives.
    mutating func log(_ leases: [LeasedLane]) async throws(WorkFailure) -> PollSchedule.Finding {
        let configuration = self.context.configuration
        let look = self.turns.next(of: leases.map(\.lane))
        let limits = LogReader.Limits(rowsPerCursor: look.rowsPerCursor, rowsInAll: configuration.batchRows)
        let (consumer, before) = (self.context.consumer, self.horizon())
        let start = ContinuousClock.now
        let page = try await self.run { connection, limit throws(PostgresError) in
            try LogReader.read(
                look.lanes,
                owner: consumer,
                storedBefore: before,
                limits: limits,
                &connection,
                within: limit
            )
        }
        self.lookCost = ContinuousClock.now - start
        let order = LaneOrder(
            page.deliveries,
            rowsPerCursor: look.rowsPerCursor,
            isCut: page.isCut,
            room: configuration.batchBytes
        )
        self.turns.finished(look, reached: order.reached, cursors: order.cursors, isCut: order.isCut)
        self.note(page.deliveries)
        guard !order.rows.isEmpty else { return .nothing }
        guard let deliveries = try await self.completed(order.rows.map { page.deliveries[$0] }) else { return .some }
        try await self.learn(deliveries.lazy.map(\.content))
        try await self.process(deliveries.lazy.map { .log($0) }, page.eventNumbers, leases)
        return order.hasMore ? .full : .some
    }

    /// Reads the bodies that were left out; `nil` when one is gone, so that the cursor does not pass over it unread.
    private func completed(_ deliveries: [StoredDelivery]) async throws(WorkFailure) -> [StoredDelivery]? {
        let large = deliveries.filter { $0.missingBytes > 0 }.map(\.head)
        guard !large.isEmpty else { return deliveries }
        let bodies = try await self.run { connection, limit throws(PostgresError) in
            try LogReader.bodies(of: large, &connection, within: limit)
        }
        var completed: [StoredDelivery] = []
        completed.reserveCapacity(deliveries.count)
        for delivery in deliveries {
            if delivery.missingBytes == 0 {
                completed.append(delivery)
            } else {
                guard let body = bodies[delivery.head] else { return nil }
                completed.append(delivery.completed(with: body))
            }
        }
        return completed
    }

    /// Looks for retries whose time has come, and stores what they give.
    mutating func retries(_ leases: [LeasedLane]) async throws(WorkFailure) -> PollSchedule.Finding {
        guard ContinuousClock.now >= self.nextRetryLook else { return .nothing }
        let (consumer, lanes, bytes) = (
            self.context.consumer, leases.map(\.lane), self.context.configuration.batchBytes
        )
        let page = try await self.run { connection, limit throws(PostgresError) in
            try RetryReader.due(
                lanes,
                owner: consumer,
                at: .now(),
                rowsPerLane: Self.retriesPerLane,
                bytesInAll: bytes,
                &connection,
                within: limit
            )
        }
        guard !page.retries.isEmpty else {
            self.nextRetryLook = .now.advanced(by: self.context.configuration.retryPoll)
            return .nothing
        }
        try await self.learn(page.retries.lazy.map(\.content))
        try await self.process(page.retries.lazy.map { .queue($0) }, page.eventNumbers, leases)
        return .some
    }

    /// Up to which time of storing to read.
    ///
    /// Partitions of coming days are left out to keep looks cheap, but now and then they are read: a gateway whose
    /// clock is wrong must not have its deliveries wait for that day.
    private mutating func horizon() -> Timestamp {
        let now = ContinuousClock.now
        guard now >= self.nextFarLook else { return Timestamp.now().advanced(by: .seconds(3600)) }
        self.nextFarLook = now.advanced(by: Self.farLookInterval)
        return Timestamp.now().advanced(by: .seconds(400 * 86_400))
    }

    private func note(_ deliveries: [StoredDelivery]) {
        let now = Timestamp.now()
        let oldest = deliveries.map(\.head.storedAt).min()
        let age = oldest.map { max(0, now.microseconds(since: $0)) } ?? 0
        self.context.status.looked(worker: self.index, at: now, age: oldest == nil ? nil : .microseconds(age))
    }

    /// Makes sure that the endpoints of these deliveries are known.
    private mutating func learn(_ contents: some Sequence<DeliveryContent>) async throws(WorkFailure) {
        let missing = self.endpoints.missing(for: contents, at: .now)
        guard !missing.isEmpty else { return }
        let records = try await self.run { connection, limit throws(PostgresError) in
            try RoutingReader.endpoints(missing, &connection, within: limit)
        }
        self.endpoints.learn(records, of: missing, at: .now)
    }

    /// Normalizes deliveries and stores them, batch after batch; gives up when one is not ours to write.
    private mutating func process(
        _ origins: some Sequence<WorkItem.Origin>,
        _ eventNumbers: [Lane: Int64],
        _ leases: [LeasedLane]
    ) async throws(WorkFailure) {
        let limit = self.context.configuration.batchBytes
        var round = Round(leases: leases, eventNumbers: eventNumbers, byteLimit: limit)
        var bytes = 0
        for origin in origins {
            let endpoint = self.endpoints.endpoint(of: origin.content)
            let normalization = self.context.normalizer.normalize(origin.content, parameters: endpoint.parameters)
            if round.add(WorkItem(origin: origin, normalization: normalization, endpoint: endpoint)) {
                guard try await self.store(&round) else { return }
            }
            bytes += origin.content.body.count
            if bytes > Self.bytesPerTurn {
                // The lease keeper shares the threads of the pool; it must not wait for large bodies.
                await Task.yield()
                bytes = 0
            }
        }
        _ = try await self.store(&round)
    }
}
