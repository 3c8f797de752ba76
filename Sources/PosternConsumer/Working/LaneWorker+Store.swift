internal import Logging
internal import PosternCrypto
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension LaneWorker {
    /// Stores what has gathered in one batch.
    ///
    /// When the data of one delivery is refused, each is stored in a batch of its own, so that the one to blame becomes
    /// a dead letter and does not stop its lane.
    ///
    /// - Returns: false when nothing more of the round is ours to write.
    mutating func store(_ round: inout Round) async throws(WorkFailure) -> Bool {
        let items = round.take()
        guard !items.isEmpty else { return true }
        do throws(WorkFailure) {
            return try await self.write(items, &round)
        } catch .database(let error) where error.blamesData {
            self.context.logger.warning("batch refused", metadata: ["error": "\(error)", "rows": "\(items.count)"])
        }
        for item in items {
            do throws(WorkFailure) {
                guard try await self.write([item], &round) else { return false }
            } catch .database(let error) where error.blamesData {
                var dead = item
                dead.normalization = .permanent(
                    reason: "refused_by_database",
                    detail: "\(error)",
                    definitionVersion: nil
                )
                guard try await self.write([dead], &round) else { return false }
            }
        }
        return true
    }

    /// Writes one batch; false when nothing was stored because it was not ours to write.
    private mutating func write(_ items: [WorkItem], _ round: inout Round) async throws(WorkFailure) -> Bool {
        let (now, start) = (Timestamp.now(), ContinuousClock.now)
        guard var batch = try await self.batch(items, round, at: now) else { return true }
        batch.carried = self.tally
        batch.writesTally = start >= self.nextFlush
        let complete = batch
        let outcome: BatchOutcome
        do throws(WorkFailure) {
            outcome = try await self.run { connection, limit throws(PostgresError) in
                try BatchWriter.write(complete, &connection, within: limit)
            }
        } catch {
            // It may be stored nevertheless, and is not read a second time then; a look too many harms nobody.
            self.announce(complete)
            throw error
        }
        switch outcome {
        case .stored(let receipt):
            round.stored(receipt)
            self.tally = receipt.unwritten
            if complete.writesTally { self.nextFlush = .now.advanced(by: self.context.configuration.countsFlush) }
            self.context.status.stored(complete, receipt, took: ContinuousClock.now - start)
            self.observeLag(items)
            self.announce(complete)
            return true
        case .leaseLost(let lanes):
            self.context.board.lost(lanes)
            self.context.status.refused(lost: lanes.count)
            self.context.logger.warning(
                "batch rolled back: lanes lost",
                metadata: ["lanes": "\(lanes.map(\.lane.number))"]
            )
            return false
        case .moved:
            self.context.status.refused(lost: 0)
            self.context.logger.notice("batch rolled back: rows moved meanwhile")
            return false
        }
    }

    /// Tells the delivery whose events came; more than did, where some were duplicates.
    private func announce(_ batch: WriteBatch) {
        var news: [Lane: Set<OrganizationID>] = [:]
        for event in batch.events { news[event.lane, default: []].insert(event.organization) }
        for (lane, organizations) in news { self.context.inbox.post(organizations, in: lane) }
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
        _ round: Round,
        at now: Timestamp
    ) async throws(WorkFailure) -> WriteBatch? {
        var builder = BatchBuilder(
            consumer: self.context.consumer,
            time: now,
            leases: round.leases,
            configuration: self.context.configuration
        )
        var generator = SystemRandomNumberGenerator()
        var routed: Set<EndpointID> = []
        for item in items {
            if item.endpoint.routesAccounts { routed.insert(item.content.endpoint) }
            let number = round.eventNumbers[item.content.lane] ?? 0
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
