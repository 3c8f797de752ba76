internal import PosternModel
package import PosternPostgres

/// Stores a consumer's batch: what is new of it, once, and only by the owner of its lanes.
///
/// One transaction in four round trips: begin; the ledger says which keys are new; everything else, pipelined; commit.
/// The lanes are updated last before the commit, so their rows are locked for a moment only, and always in the order of
/// the lanes. Blocking: connection threads only.
package enum BatchWriter {
    /// Stores a batch.
    ///
    /// - Throws: what the database refused; after ``PostgresError/unreachable(_:)`` and ``PostgresError/deadline(_:)``
    ///   the outcome is unknown, and reading again from the cursors finds out.
    package static func write(
        _ batch: WriteBatch,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> BatchOutcome {
        var refusal: BatchOutcome?
        do throws(PostgresError) {
            let receipt = try connection.transaction(within: within) { connection throws(PostgresError) in
                var parameters = ParameterBuffer()
                let admission = try Admission(batch, &connection, &parameters, within: within)
                refusal = try Self.store(batch, admission, &connection, &parameters, within: within)
                // Thrown only to roll back; the refusal is what the caller gets.
                if refusal != nil { throw .refused(sqlstate: "P0001", message: "the batch is not ours to write") }
                return admission.receipt
            }
            return .stored(receipt)
        } catch {
            if let refusal { return refusal }
            throw error
        }
    }

    private static func store(
        _ batch: WriteBatch,
        _ admission: Admission,
        _ connection: inout Connection,
        _ parameters: inout ParameterBuffer,
        within: Duration
    ) throws(PostgresError) -> BatchOutcome? {
        // The parameters are lent to the closure and come back, so that their memory serves the next batch.
        var buffer = ParameterBuffer()
        swap(&buffer, &parameters)
        defer { swap(&buffer, &parameters) }
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            for (work, count) in zip(batch.lanes, admission.eventsPerLane) {
                buffer.removeAll()
                buffer.append(work.lease.lane.number)
                buffer.append(batch.consumer)
                buffer.append(work.lease.fence)
                buffer.append(work.eventNumber)
                buffer.append(count)
                try pipeline.send(BatchStatements.lane, buffer)
            }
            for move in batch.moves {
                buffer.removeAll()
                buffer.append(move.lane.number)
                buffer.append(move.writer)
                buffer.append(move.from)
                buffer.append(move.to)
                buffer.append(move.storedAt)
                buffer.append(move.deliveries)
                try pipeline.send(BatchStatements.cursor, buffer)
            }
            for settlement in batch.settlements { try Self.send(settlement, to: &pipeline, &buffer) }
            for replay in batch.replays {
                try Self.send(replay, admission.admitted, at: batch.time, to: &pipeline, &buffer)
            }
            try Self.send(admission.admitted, of: batch, to: &pipeline, &buffer)
            try Self.send(batch.retries, at: batch.time, to: &pipeline, &buffer)
            try Self.send(batch.deadLetters, at: batch.time, to: &pipeline, &buffer)
            if batch.writesTally {
                try TrafficCounts.add(admission.tally.rows(at: batch.time), to: &pipeline, using: &buffer)
            }
        }
        var lost: [LeasedLane] = []
        for (index, work) in batch.lanes.enumerated() where results[index].affected != 1 { lost.append(work.lease) }
        if !lost.isEmpty { return .leaseLost(lost) }
        let conditional = batch.moves.count + batch.settlements.count + batch.replays.count
        let hasMoved = results[batch.lanes.count..<batch.lanes.count + conditional].contains { $0.affected != 1 }
        return hasMoved ? .moved : nil
    }
}
