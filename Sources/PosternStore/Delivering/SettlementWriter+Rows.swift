internal import PosternModel
internal import PosternPostgres

extension SettlementWriter {
    /// Asks which of the leases still stand.
    static func send(
        leases settlement: DeliverySettlement,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(settlement.leases.map(\.lane.number))
        buffer.append(settlement.leases.map(\.fence))
        buffer.append(settlement.consumer)
        try pipeline.send(SettlementStatements.leases, buffer)
    }

    /// Sends what happens to one cursor.
    static func send(
        _ step: SettlementPlan.Step,
        of settlement: DeliverySettlement,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(step.pair.lane.number)
        buffer.append(step.pair.destination)
        buffer.append(settlement.consumer)
        buffer.append(step.fence)
        if let move = step.move {
            buffer.append(move.from)
            buffer.append(move.to)
            buffer.append(move.storedAt)
            buffer.append(move.delivered)
            buffer.append(move.handed)
            buffer.append(move.buried)
            buffer.append(move.unsubscribed)
        }
        buffer.append(step.recovered)
        buffer.append(step.exhausted)
        try pipeline.send(step.move == nil ? SettlementStatements.count : SettlementStatements.move, buffer)
    }

    /// Sends what happens to one row of the retry queue.
    static func send(
        _ change: SettlementPlan.Change,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        let row = change.row
        buffer.removeAll()
        buffer.append(row.lane.number)
        buffer.append(row.id)
        buffer.append(row.attempt)
        switch change {
        case .finished: try pipeline.send(SettlementStatements.finish, buffer)
        case .postponed(let postponed):
            buffer.append(postponed.attempt)
            buffer.append(postponed.scheduledAt)
            buffer.append(postponed.failure.reason)
            buffer.append(postponed.failure.detail)
            try pipeline.send(SettlementStatements.postpone, buffer)
        }
    }

    /// Makes the first event of an account due, if it waits for its turn.
    static func send(
        _ turn: BlockedAccount,
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(turn.lane.number)
        buffer.append(turn.destination)
        buffer.append(turn.account)
        buffer.append(time)
        try pipeline.send(SettlementStatements.wake, buffer)
    }

    /// Sends what becomes of the dead letter that a row replayed; a letter that is gone, or replayed by another row by
    /// now, stays as it is.
    static func send(
        replay end: RetryEnd,
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(end.row.lane.number)
        buffer.append(end.row.deadLetter)
        buffer.append(end.row.id)
        switch end.how {
        case .delivered: try pipeline.send(SettlementStatements.resolve, buffer)
        case .buried(let failure):
            buffer.append(failure.reason)
            buffer.append(failure.detail)
            buffer.append(failure.status)
            buffer.append(failure.answer)
            buffer.append(time)
            buffer.append(end.row.attempt)
            try pipeline.send(SettlementStatements.reopen, buffer)
        }
    }

    /// Sends rows for the retry queue.
    static func send(
        _ retries: [NewDeliveryRetry],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        for part in BatchSplit.ranges(of: retries.map(\.content.byteCount)) {
            try SettlementStatements.retries.send(rows: part.count, to: &pipeline, using: &buffer) { row, buffer in
                let retry = retries[part.lowerBound + row]
                Self.append(retry.content, as: retry.id.id, to: &buffer)
                buffer.append(retry.attempt)
                buffer.append(retry.scheduledAt?.description ?? "infinity")
                buffer.append(retry.account)
                buffer.append(retry.failure.reason)
                buffer.append(retry.failure.detail)
                buffer.append(time)
            }
        }
    }

    /// Sends rows for the dead letters.
    static func send(
        _ letters: [NewDeliveryDeadLetter],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        for part in BatchSplit.ranges(of: letters.map(\.content.byteCount)) {
            try SettlementStatements.deadLetters.send(rows: part.count, to: &pipeline, using: &buffer) { row, buffer in
                let letter = letters[part.lowerBound + row]
                Self.append(letter.content, as: .timeOrdered(at: time), to: &buffer)
                buffer.append(letter.type)
                buffer.append(letter.definitionVersion)
                buffer.append(letter.attempts)
                buffer.append(letter.failure.reason)
                buffer.append(letter.failure.detail)
                buffer.append(letter.failure.status)
                buffer.append(letter.failure.answer)
                buffer.append(time)
                buffer.append(time)
                buffer.append(letter.job)
            }
        }
    }

    /// Sends the attempts that are kept.
    static func send(
        _ attempts: [NewAttempt],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        try SettlementStatements.attempts.send(rows: attempts.count, to: &pipeline, using: &buffer) { row, buffer in
            let attempt = attempts[row]
            buffer.append(attempt.lane.number)
            buffer.append(attempt.startedAt)
            buffer.append(UniqueID.timeOrdered(at: time))
            buffer.append(attempt.organization)
            buffer.append(attempt.destination)
            buffer.append(attempt.event)
            buffer.append(attempt.attempt)
            buffer.append("\(attempt.duration.inMicroseconds) microseconds")
            buffer.append(attempt.outcome)
            buffer.append(attempt.status)
            buffer.append(attempt.answer)
            buffer.append(attempt.error)
        }
    }

    /// Adds the counts by the minute.
    static func send(
        _ tally: DestinationTally,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        let minutes = tally.rows
        try SettlementStatements.minutes.send(rows: minutes.count, to: &pipeline, using: &buffer) { row, buffer in
            let minute = minutes[row]
            buffer.append(minute.minute)
            buffer.append(minute.destination)
            buffer.append(minute.organization)
            buffer.append(minute.outcome)
            buffer.append(minute.count)
            buffer.append(minute.retries)
            buffer.append(minute.latencies)
        }
    }

    /// Announces events; listeners hear of them after the commit.
    static func send(
        _ announcements: [Announcement],
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        guard !announcements.isEmpty else { return }
        buffer.removeAll()
        buffer.append(announcements.map(\.channel))
        buffer.append(announcements.map(\.event.description))
        try pipeline.send(SettlementStatements.announce, buffer)
    }

    private static func append(_ content: OutgoingEvent, as id: UniqueID, to buffer: inout ParameterBuffer) {
        buffer.append(content.lane.number)
        buffer.append(id)
        buffer.append(content.delivery)
        buffer.append(content.organization)
        buffer.append(content.endpoint)
        buffer.append(content.platform)
        buffer.append(content.destination)
        buffer.append(content.event)
        buffer.append(content.number)
        buffer.append(String(decoding: content.attributes, as: UTF8.self))
        buffer.append(bytes: content.headers)
        buffer.append(bytes: content.payload)
    }
}
