package import PosternModel
package import PosternPostgres

/// How far the work is behind, and what could stop it.
///
/// None of it counts traffic.
package struct PipelineStatus: Sendable, Equatable {
    /// A count of something that should be few: exact up to a bound.
    package struct BoundedCount: Sendable, Equatable {
        /// Counting stops here.
        package static let bound: Int64 = 10_000
        /// The number, or ``bound`` when there are more.
        package let count: Int64
        /// Whether there are more.
        package let isBounded: Bool

        init(_ counted: Int64) {
            self.count = min(counted, Self.bound)
            self.isBounded = counted > Self.bound
        }
    }

    /// The oldest snapshot that keeps changed rows from being cleaned up.
    package struct OldestSnapshot: Sendable, Equatable {
        /// How many transactions ago it was taken.
        package let transactions: Int64
        /// How long the oldest transaction with a snapshot has been open.
        package let seconds: Double
        /// Whether all sessions were seen, or the schema's owner may only see its own.
        package let isComplete: Bool
    }

    package let database: DatabaseStatus
    /// Deliveries stored and not yet read by their lane's owner: exact at one moment.
    package let pendingDeliveries: Int64
    /// When the oldest unread delivery of each lane was stored; lanes that are read to their end are not here.
    package let oldestUnread: [Lane: Timestamp]
    /// Lanes that nobody has leased now.
    package let lanesWithoutOwner: Int32
    package let pendingRetries: BoundedCount
    package let openDeadLetters: BoundedCount
    package let oldestSnapshot: OldestSnapshot

    /// How long the oldest unread delivery has waited, on the server's clock; `nil` when none waits.
    package var backlogAge: Duration? {
        self.oldestUnread.values.min().map { .microseconds(max(0, self.database.now.microseconds(since: $0))) }
    }

    /// Reads the status in one round trip; for the gateway's, the consumer's and the operator's role.
    ///
    /// The cost is two index probes for each lane and writer that is not drained, whatever the traffic.
    /// Blocking: connection threads only.
    ///
    /// - Throws: any ``PostgresError``.
    package static func load(_ connection: inout Connection, within: Duration) throws(PostgresError) -> PipelineStatus {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try pipeline.send(DatabaseStatus.statement)
            try pipeline.send(PipelineStatements.backlog)
            try pipeline.send(PipelineStatements.queues)
            try pipeline.send(PipelineStatements.snapshot)
        }
        guard results.count == 4 else {
            throw .unreachable("\(results.count) answers to 4 statements")
        }
        let (backlog, queues, snapshot) = (results[1], results[2], results[3])
        let lanes = try backlog.int32s(0, 1).map { Lane($0) }
        return PipelineStatus(
            database: try DatabaseStatus(results[0]),
            pendingDeliveries: try backlog.int64(0, 0),
            oldestUnread: Dictionary(
                zip(lanes, try backlog.timestamps(0, 2)),
                uniquingKeysWith: { first, _ in first }
            ),
            lanesWithoutOwner: try queues.int32(0, 0),
            pendingRetries: BoundedCount(try queues.int64(0, 1)),
            openDeadLetters: BoundedCount(try queues.int64(0, 2)),
            oldestSnapshot: OldestSnapshot(
                transactions: try snapshot.int64(0, 0),
                seconds: try snapshot.float64(0, 1),
                isComplete: try snapshot.bool(0, 2)
            )
        )
    }
}
