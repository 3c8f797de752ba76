internal import PosternModel
package import PosternPostgres

/// Stores what came of a round of attempts: once, and only where everything is as it was found.
///
/// One transaction in three round trips: begin; all statements, pipelined; commit. The cursors of destinations come
/// first: settlements that touch the same destination in the same lane wait for each other there, and see each other's
/// rows in what follows. Rows are changed in the order of their keys, so that nobody waits for the other way round.
/// Lanes are looked at and not locked: batches of new events go on meanwhile.
///
/// Blocking: connection threads only.
package enum SettlementWriter {
    /// Stores a settlement.
    ///
    /// - Parameters:
    ///   - settlement: what to store; every lane it touches must be among its leases.
    ///   - connection: where to.
    ///   - within: the deadline.
    /// - Returns: whether it was ours to store.
    /// - Throws: what the database refused; after ``PostgresError/unreachable(_:)`` and ``PostgresError/deadline(_:)``
    ///   the outcome is unknown, and writing it again finds out: ``SettlementOutcome/moved`` then may also say that it
    ///   is stored already.
    package static func write(
        _ settlement: DeliverySettlement,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> SettlementOutcome {
        guard !settlement.isEmpty else { return .stored }
        let plan = SettlementPlan(settlement)
        var isMoved = false
        do throws(PostgresError) {
            try connection.transaction(within: within) { connection throws(PostgresError) in
                isMoved = try Self.store(settlement, plan, &connection, within: within)
                // Thrown only to roll back; the outcome is what the caller gets.
                if isMoved { throw .refused(sqlstate: "P0001", message: "the settlement is not ours to write") }
            }
            return .stored
        } catch {
            if isMoved { return .moved }
            throw error
        }
    }

    /// Sends everything, and gives whether something was not as it was found.
    private static func store(
        _ settlement: DeliverySettlement,
        _ plan: SettlementPlan,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var conditional = 0
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.send(leases: settlement, to: &pipeline, &buffer)
            for step in plan.steps { try Self.send(step, of: settlement, to: &pipeline, &buffer) }
            for change in plan.changes { try Self.send(change, to: &pipeline, &buffer) }
            conditional = plan.steps.count + plan.changes.count
            try Self.send(settlement.retries, at: settlement.time, to: &pipeline, &buffer)
            for turn in plan.turns { try Self.send(turn, at: settlement.time, to: &pipeline, &buffer) }
            for end in plan.replays { try Self.send(replay: end, at: settlement.time, to: &pipeline, &buffer) }
            try Self.send(settlement.deadLetters, at: settlement.time, to: &pipeline, &buffer)
            try Self.send(settlement.attempts, at: settlement.time, to: &pipeline, &buffer)
            try Self.send(settlement.minutes, to: &pipeline, &buffer)
            try Self.send(settlement.announcements, to: &pipeline, &buffer)
        }
        guard try results[0].int64(0, 0) == settlement.leases.count else { return true }
        return results[1..<1 + conditional].contains { $0.affected != 1 }
    }
}
