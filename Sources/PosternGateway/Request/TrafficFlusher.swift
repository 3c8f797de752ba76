internal import Logging
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry
internal import Synchronization

/// Adds what the loops counted to `traffic_minutes` and `secret_matches`, once a second, off the way of requests.
final class TrafficFlusher: PeriodicFlusher {
    private let database: Database
    private let loops: LoopRegistry
    private let logger: Logger
    /// What could not be written yet.
    private let backlog = Mutex<[TrafficTally.Key: Int64]>([:])

    private static let backlogLimit = 50_000
    private static let queryLimit: Duration = .seconds(5)

    init(database: Database, loops: LoopRegistry, logger: Logger) {
        self.database = database
        self.loops = loops
        self.logger = logger
    }

    /// Writes everything counted so far; what cannot be written is kept for the next time.
    func flush() async {
        let drained = await self.loops.drainTallies()
        let counts = self.backlog.withLock { backlog in
            backlog.merge(drained) { left, right in left + right }
            return backlog
        }
        guard !counts.isEmpty else { return }
        let rows = Self.rows(counts)
        let matches = Self.matches(counts)
        do {
            try await self.database.run(within: Self.queryLimit) { connection throws(PostgresError) in
                try connection.transaction(within: Self.queryLimit) { connection throws(PostgresError) in
                    try TrafficCounts.add(rows, &connection, within: Self.queryLimit)
                    try SecretMatches.add(matches, &connection, within: Self.queryLimit)
                }
            }
            self.backlog.withLock { backlog in backlog.removeAll() }
        } catch {
            let kept = self.backlog.withLock { backlog in
                if backlog.count > Self.backlogLimit { backlog.removeAll() }
                return backlog.count
            }
            self.logger.warning(
                "traffic counts not written",
                metadata: .keys([.error: "\(error)", .count: "\(kept)"])
            )
        }
    }

    /// One row for each endpoint, minute and outcome, whichever secret proved the requests.
    private static func rows(_ counts: [TrafficTally.Key: Int64]) -> [TrafficCount] {
        var sums: [TrafficTally.Key: Int64] = [:]
        for (key, count) in counts {
            guard case .accepted = key.outcome else {
                sums[key, default: 0] += count
                continue
            }
            let anySecret = TrafficTally.Key(endpoint: key.endpoint, outcome: .accepted(nil), minute: key.minute)
            sums[anySecret, default: 0] += count
        }
        return sums.map { key, count in
            TrafficCount(
                lane: key.endpoint.lane,
                at: Timestamp(seconds: key.minute * 60),
                organization: key.endpoint.organization,
                endpoint: key.endpoint.id,
                platform: key.endpoint.record.platform,
                outcome: key.outcome.stored,
                count: count
            )
        }
    }

    /// What each secret proved.
    private static func matches(_ counts: [TrafficTally.Key: Int64]) -> [SecretMatch] {
        counts.compactMap { key, count in
            guard case .accepted(let secret?) = key.outcome else { return nil }
            return SecretMatch(
                secret: secret,
                organization: key.endpoint.organization,
                endpoint: key.endpoint.id,
                count: count,
                lastAt: Timestamp(seconds: key.minute * 60)
            )
        }
    }
}
