internal import Logging
internal import PosternCrypto
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension LaneWorker {
    /// Stores items in one batch; when the data of one of them is refused, each in a batch of its own, so that the one
    /// to blame becomes a dead letter and does not stop its lane.
    mutating func store(
        _ items: [WorkItem],
        _ eventNumbers: [Lane: Int64],
        _ leases: [LeasedLane]
    ) async throws(WorkFailure) {
        do throws(WorkFailure) {
            _ = try await self.write(items, eventNumbers, leases)
            return
        } catch .database(let error) where error.blamesData {
            self.context.logger.warning("batch refused", metadata: ["error": "\(error)", "rows": "\(items.count)"])
        }
        var numbers = eventNumbers
        var cursors = CursorTrail()
        for item in items {
            let item = cursors.follow(item)
            let lane = item.content.lane
            do throws(WorkFailure) {
                guard let stored = try await self.write([item], numbers, leases) else { return }
                numbers[lane, default: 0] += Int64(stored)
            } catch .database(let error) where error.blamesData {
                var dead = item
                dead.normalization = .permanent(
                    reason: "refused_by_database",
                    detail: "\(error)",
                    definitionVersion: nil
                )
                guard try await self.write([dead], numbers, leases) != nil else { return }
            }
        }
    }

    /// Writes one batch.
    ///
    /// - Returns: how many events it stored, or `nil` when nothing was stored because it was not ours to write.
    private mutating func write(
        _ items: [WorkItem],
        _ eventNumbers: [Lane: Int64],
        _ leases: [LeasedLane]
    ) async throws(WorkFailure) -> Int? {
        let (now, start) = (Timestamp.now(), ContinuousClock.now)
        guard var batch = try await self.batch(items, eventNumbers, leases, at: now) else { return 0 }
        batch.carried = self.tally
        batch.writesTally = ContinuousClock.now >= self.nextFlush
        let complete = batch
        let outcome = try await self.run { connection, limit throws(PostgresError) in
            try BatchWriter.write(complete, &connection, within: limit)
        }
        switch outcome {
        case .stored(let receipt):
            self.tally = receipt.unwritten
            if complete.writesTally { self.nextFlush = .now.advanced(by: self.context.configuration.countsFlush) }
            self.context.status.stored(complete, receipt, took: ContinuousClock.now - start)
            self.observeLag(items)
            return receipt.stored
        case .leaseLost(let lanes):
            self.context.board.lost(lanes)
            self.context.status.refused(lost: lanes.count)
            self.context.logger.warning(
                "batch rolled back: lanes lost",
                metadata: ["lanes": "\(lanes.map(\.lane.number))"]
            )
            return nil
        case .moved:
            self.context.status.refused(lost: 0)
            self.context.logger.notice("batch rolled back: rows moved meanwhile")
            return nil
        }
    }

    /// Measures how long each delivery of the log has waited from its receipt to the commit of its events.
    private func observeLag(_ items: [WorkItem]) {
        guard let metrics = self.context.metrics else { return }
        let now = Timestamp.now()
        for item in items {
            // A retry waits on purpose.
            guard case .log(let delivery) = item.origin else { continue }
            let lag = now.microseconds(since: delivery.content.id.id.embeddedTime)
            metrics.lagSeconds.observe(.microseconds(max(0, lag)))
        }
    }

    private mutating func batch(
        _ items: [WorkItem],
        _ eventNumbers: [Lane: Int64],
        _ leases: [LeasedLane],
        at now: Timestamp
    ) async throws(WorkFailure) -> WriteBatch? {
        var builder = BatchBuilder(
            consumer: self.context.consumer,
            time: now,
            leases: leases,
            configuration: self.context.configuration
        )
        var generator = SystemRandomNumberGenerator()
        var routed: Set<EndpointID> = []
        for item in items {
            if item.endpoint.routesAccounts { routed.insert(item.content.endpoint) }
            let number = eventNumbers[item.content.lane] ?? 0
            do throws(CryptoError) {
                switch item.origin {
                case .log(let delivery):
                    try builder.add(
                        delivery,
                        item.normalization,
                        endpoint: item.endpoint,
                        eventNumber: number,
                        ids: &self.ids,
                        random: generator.next()
                    )
                case .queue(let retry):
                    try builder.add(
                        retry,
                        item.normalization,
                        endpoint: item.endpoint,
                        eventNumber: number,
                        ids: &self.ids,
                        random: generator.next()
                    )
                }
            } catch {
                throw .crypto(error)
            }
        }
        if !routed.isEmpty {
            let organizations = try await self.organizations(builder.accountsToRoute(routed.contains))
            builder.route(organizations, routed.contains)
        }
        return builder.finish()
    }

    private func organizations(
        _ accounts: [PlatformName: Set<String>]
    ) async throws(WorkFailure) -> [PlatformName: [String: OrganizationID]] {
        guard !accounts.isEmpty else { return [:] }
        return try await self.run { connection, limit throws(PostgresError) in
            var organizations: [PlatformName: [String: OrganizationID]] = [:]
            for (platform, names) in accounts {
                organizations[platform] = try RoutingReader.organizations(
                    of: names.sorted(),
                    platform: platform.text,
                    &connection,
                    within: limit
                )
            }
            return organizations
        }
    }
}
