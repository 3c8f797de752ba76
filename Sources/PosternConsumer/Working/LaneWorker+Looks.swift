internal import PosternLimits
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension LaneWorker {
    /// How often rows stored under a time more than an hour ahead of our clock are looked for, too.
    private static let farLookInterval: Duration = .seconds(30)
    /// The most retries of one lane in one batch.
    private static let retriesPerLane = 64

    /// Reads on in the log, and stores what it gives.
    mutating func log(_ leases: [LeasedLane]) async throws(WorkFailure) -> PollSchedule.Finding {
        let configuration = self.context.configuration
        let look = self.turns.next(of: leases.map(\.lane))
        let limits = LogReader.Limits(rowsPerCursor: look.rowsPerCursor, rowsInAll: configuration.batchRows)
        let (consumer, before) = (self.context.consumer, self.horizon())
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
        let items = deliveries.map { self.normalized(.log($0), $0.content) }
        try await self.store(items, page.eventNumbers, leases)
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
        let items = page.retries.map { self.normalized(.queue($0), $0.content) }
        try await self.store(items, page.eventNumbers, leases)
        return .some
    }

    /// Up to which time of storing to read.
    ///
    /// Partitions of coming days are left out to keep looks cheap, but now and then
    /// they are read: a gateway whose clock is wrong must not have its deliveries wait for that day.
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
        self.context.status.looked(worker: self.index, at: now, age: .microseconds(age))
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

    private func normalized(_ origin: WorkItem.Origin, _ content: DeliveryContent) -> WorkItem {
        let endpoint = self.endpoints.endpoint(of: content)
        return WorkItem(
            origin: origin,
            normalization: self.context.normalizer.normalize(content, parameters: endpoint.parameters),
            endpoint: endpoint
        )
    }
}
