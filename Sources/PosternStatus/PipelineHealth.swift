internal import PosternModel
package import PosternPostgres
package import PosternStore

/// The components of health that are the same for both processes: what the database says.
package struct PipelineHealth: Sendable {
    private let database: Database
    private let schemaVersion: Int32
    private let delivers: Bool

    /// How long the database may take to answer a question about health.
    private static let limit: Duration = .seconds(1)
    /// Past this age of the oldest unread delivery somebody should look; ten times that and consuming has stopped.
    private static let backlogBound: Duration = .seconds(60)

    /// Asks through `database`.
    ///
    /// - Parameters:
    ///   - database: for the role of the process.
    ///   - schemaVersion: the last migration this program has.
    ///   - delivers: whether destinations are counted, which the gateway's role may not.
    package init(database: Database, schemaVersion: Int32, delivers: Bool = false) {
        self.database = database
        self.schemaVersion = schemaVersion
        self.delivers = delivers
    }

    /// Asks once; an unreachable database is a failing component, not an error.
    package func components() async -> [HealthReport.Component] {
        do {
            let status = try await self.status()
            let destinations = self.delivers ? [HealthReport.Component(try await self.destinations())] : []
            return [
                HealthReport.Component(
                    "database",
                    status.database.isInRecovery ? .failing : .ok,
                    [
                        (
                            "reason",
                            status.database.isInRecovery ? .text("the server is a standby and takes no writes") : .none
                        )
                    ]
                ),
                self.migrations(status.database),
                self.partitions(status.database),
                self.backlog(status),
                self.snapshot(status.oldestSnapshot),
            ] + destinations
        } catch {
            return [HealthReport.Component("database", .failing, [("reason", .text("\(error)"))])]
        }
    }

    /// What the pipeline looks like now.
    package func status() async throws(PostgresError) -> PipelineStatus {
        try await self.database.run(within: Self.limit) { connection throws(PostgresError) in
            try PipelineStatus.load(&connection, within: Self.limit)
        }
    }

    private func destinations() async throws(PostgresError) -> DestinationStatistics.Counts {
        try await self.database.run(within: Self.limit) { connection throws(PostgresError) in
            try DestinationStatistics.counts(&connection, within: Self.limit)
        }
    }

    private func migrations(_ database: DatabaseStatus) -> HealthReport.Component {
        let current = database.schemaVersion == self.schemaVersion && database.lanes > 0
        return HealthReport.Component(
            "migrations",
            current ? .ok : .failing,
            [
                ("applied", .number(Int64(database.schemaVersion))), ("expected", .number(Int64(self.schemaVersion))),
                ("reason", current ? .none : .text("run 'postern migrate', or the program that made this schema")),
            ]
        )
    }

    private func partitions(_ database: DatabaseStatus) -> HealthReport.Component {
        let missing = database.missingPartitions.map(\.rawValue).joined(separator: ", ")
        return HealthReport.Component(
            "partitions",
            missing.isEmpty ? .ok : .degraded,
            [
                ("missing_for_tomorrow", missing.isEmpty ? .none : .text(missing))
            ]
        )
    }

    private func backlog(_ status: PipelineStatus) -> HealthReport.Component {
        let age = status.backlogAge ?? .zero
        let state: HealthReport.State =
            age > Self.backlogBound * 10 ? .failing : age > Self.backlogBound ? .degraded : .ok
        return HealthReport.Component(
            "backlog",
            state,
            [
                ("oldest_unread_seconds", .seconds(age / .seconds(1))),
                ("pending_deliveries", .number(status.pendingDeliveries)),
                ("pending_retries", .number(status.pendingRetries.count)),
                ("lanes_without_owner", .number(Int64(status.lanesWithoutOwner))),
            ]
        )
    }

    private func snapshot(_ oldest: PipelineStatus.OldestSnapshot) -> HealthReport.Component {
        // A transaction that stays open keeps changed rows from being cleaned up; consuming goes on, tables grow.
        HealthReport.Component(
            "oldest_backend_xmin",
            oldest.seconds > 3600 ? .degraded : .ok,
            [
                ("transactions", .number(oldest.transactions)), ("seconds", .seconds(oldest.seconds)),
            ]
        )
    }
}
