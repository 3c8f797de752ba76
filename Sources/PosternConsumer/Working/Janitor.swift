internal import Logging
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Keeps the house: partitions ahead, retention, expired keys, dead writers, drained cursors, what limits leave behind.
///
/// Each consumer runs one; what two do at once is harmless. A chore that fails is logged and done again next time.
struct Janitor {
    let configuration: ConsumerConfiguration
    let board: LeaseBoard
    let database: Database
    let status: StatusBoard
    let stop: StopSignal
    let logger: Logger

    /// Consumers that vanished stay in the registry this long, for the people who look there.
    private static let registryMemory: Duration = .seconds(24 * 3600)
    /// Writers are left alone for this long: see ``WriterRetirement``.
    private static let writerAge: Duration = .seconds(60)
    /// A statement of the janitor that takes longer than this has met something unusual.
    private static let limit: Duration = .seconds(30)
    /// Dropping many days at once would hold up traffic; the rest goes next time.
    private static let daysAtOnce: Int32 = 2
    private static let keysAtOnce: Int64 = 1000
    private static let rowsAtOnce: Int64 = 1000
    /// How often what goes by hours and minutes is looked through.
    private static let limitsTidying: Duration = .seconds(60)
    /// A gateway not seen for so long is gone, and a limit not counted for so long is full again or nobody's.
    private static let limitMemory: Duration = .seconds(600)
    /// How long it is remembered when a secret last proved a request.
    private static let matchMemory: Duration = .seconds(31 * 24 * 3600)

    /// Does the chores until told to stop.
    func run() async {
        var nextPartitions = ContinuousClock.now
        var nextLimits = ContinuousClock.now
        while !self.stop.isRaised, !Task.isCancelled {
            if ContinuousClock.now >= nextPartitions {
                nextPartitions = .now.advanced(by: self.configuration.partitioning)
                // Without its partition no delivery of tomorrow is accepted: try again soon.
                if !(await self.makePartitions()) { nextPartitions = .now.advanced(by: .seconds(10)) }
                await self.dropOld()
            }
            await self.tidyWriters()
            await self.expireKeys()
            await self.expireQuarantine()
            if ContinuousClock.now >= nextLimits {
                nextLimits = .now.advanced(by: Self.limitsTidying)
                await self.expireLimits()
            }
            await self.countRetries()
            await self.stop.sleep(for: self.configuration.tidying)
        }
    }

    private func makePartitions() async -> Bool {
        let days = self.configuration.partitionDaysAhead
        let made = await self.chore("partitions not made", level: .error) { connection throws(PostgresError) in
            try Partitions.ensure(daysAhead: days, &connection, within: Self.limit)
        }
        if let made, made > 0 { self.logger.info("partitions made", metadata: ["count": "\(made)"]) }
        return made != nil
    }

    private func dropOld() async {
        let days = self.configuration.retention
        let tables: [(Partitions.Table, Int32)] = [
            (.deliveries, days.deliveries), (.events, days.events), (.attempts, days.attempts),
            (.trafficMinutes, days.trafficMinutes), (.destinationMinutes, days.trafficMinutes),
        ]
        for (table, keepDays) in tables where !self.stop.isRaised {
            let outcomes = await self.chore("partitions not dropped") { connection throws(PostgresError) in
                try Partitions.drop(
                    table,
                    keepDays: keepDays,
                    atMost: Self.daysAtOnce,
                    &connection,
                    within: Self.limit
                )
            }
            for outcome in outcomes ?? [] {
                if outcome.dropped {
                    self.logger.info("partition dropped", metadata: ["partition": "\(outcome.name)"])
                } else {
                    self.logger.warning(
                        "partition kept past its retention: some lane has not read it",
                        metadata: ["partition": "\(outcome.name)"]
                    )
                }
            }
        }
        let writerDays = days.writers
        _ = await self.chore("writers not forgotten") { connection throws(PostgresError) in
            _ = try ConsumerRegistry.forget(silentFor: Self.registryMemory, &connection, within: Self.limit)
            return try Expiry.writers(keepDays: writerDays, &connection, within: Self.limit)
        }
    }

    private func tidyWriters() async {
        let lanes = self.board.lanes
        let closed = await self.chore("writers not closed") { connection throws(PostgresError) in
            let closed = try WriterRetirement.closeDead(olderThan: Self.writerAge, &connection, within: Self.limit)
            if !lanes.isEmpty {
                _ = try WriterRetirement.deleteDrainedCursors(of: lanes, &connection, within: Self.limit)
            }
            _ = try WriterRetirement.markDrained(closedFor: .zero, &connection, within: Self.limit)
            return closed
        }
        if let closed, !closed.isEmpty {
            self.logger.notice("writers closed whose session is gone", metadata: ["writers": "\(closed)"])
        }
    }

    private func expireKeys() async {
        let horizon = Timestamp.now().advanced(by: .zero - self.configuration.deduplicationWindow)
        for lane in self.board.lanes {
            var gone = Int(Self.keysAtOnce)
            while gone == Int(Self.keysAtOnce), !self.stop.isRaised, !Task.isCancelled {
                let count = await self.chore("event keys not expired") { connection throws(PostgresError) in
                    try Expiry.eventKeys(
                        of: lane,
                        seenBefore: horizon,
                        atMost: Self.keysAtOnce,
                        &connection,
                        within: Self.limit
                    )
                }
                guard let count else { return }
                gone = count
            }
        }
    }

    private func expireQuarantine() async {
        await self.repeatChore("quarantined requests not expired") { connection throws(PostgresError) in
            try Expiry.quarantinedRequests(atMost: Self.rowsAtOnce, &connection, within: Self.limit)
        }
    }

    private func expireLimits() async {
        let now = Timestamp.now()
        let seen = now.advanced(by: .zero - Self.limitMemory)
        _ = await self.chore("gateways not forgotten") { connection throws(PostgresError) in
            try Expiry.limitCounts(seenBefore: seen, &connection, within: Self.limit)
        }
        let horizon = now.advanced(by: .zero - Self.matchMemory)
        await self.repeatChore("matches of secrets not expired") { connection throws(PostgresError) in
            try Expiry.secretMatches(before: horizon, atMost: Self.rowsAtOnce, &connection, within: Self.limit)
        }
    }

    /// Does a chore that takes ``rowsAtOnce`` rows until it finds fewer, or fails.
    private func repeatChore(
        _ failure: Logger.Message,
        _ work: @escaping @Sendable (inout Connection) throws(PostgresError) -> Int
    ) async {
        var gone = Int(Self.rowsAtOnce)
        while gone == Int(Self.rowsAtOnce), !self.stop.isRaised, !Task.isCancelled {
            guard let count = await self.chore(failure, work) else { return }
            gone = count
        }
    }

    private func countRetries() async {
        let lanes = self.board.lanes
        let waiting = await self.chore("retries not counted") { connection throws(PostgresError) in
            try RetryReader.waiting(in: lanes, atMost: 100_000, &connection, within: Self.limit)
        }
        if let waiting { self.status.waiting(waiting) }
    }

    /// Does one chore; `nil` when it failed, which is logged unless the database is away: that is said elsewhere.
    private func chore<Value: Sendable>(
        _ failure: Logger.Message,
        level: Logger.Level = .warning,
        _ work: @escaping @Sendable (inout Connection) throws(PostgresError) -> Value
    ) async -> Value? {
        do throws(PostgresError) {
            return try await self.database.run(within: Self.limit, work)
        } catch {
            if !error.meansAway { self.logger.log(level: level, failure, metadata: ["error": "\(error)"]) }
            return nil
        }
    }
}
