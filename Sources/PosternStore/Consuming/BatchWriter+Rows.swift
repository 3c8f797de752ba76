internal import PosternModel
internal import PosternPostgres

extension BatchWriter {
    /// Sends the admitted events with their numbers.
    static func send(
        _ admitted: [Admission.Numbered],
        of batch: WriteBatch,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        try BatchStatements.events.send(rows: admitted.count, to: &pipeline, using: &buffer) { row, buffer in
            let event = batch.events[admitted[row].event]
            buffer.append(event.lane.number)
            buffer.append(admitted[row].number)
            buffer.append(batch.time)
            buffer.append(event.id)
            buffer.append(event.organization)
            buffer.append(event.endpoint)
            buffer.append(event.delivery)
            buffer.append(event.platform.text)
            buffer.append(event.definitionVersion)
            buffer.append(event.type)
            buffer.append(event.source)
            buffer.append(event.subject)
            buffer.append(event.account)
            buffer.append(event.time)
            buffer.append(event.key)
            buffer.append(String(decoding: event.data, as: UTF8.self))
        }
    }

    /// Sends rows for the retry queue.
    static func send(
        _ retries: [NewRetry],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        try BatchStatements.retries.send(rows: retries.count, to: &pipeline, using: &buffer) { row, buffer in
            let retry = retries[row]
            Self.append(retry.failed, at: time, to: &buffer)
            buffer.append(retry.attempt)
            buffer.append(retry.scheduledAt)
            buffer.append(retry.failed.reason)
            buffer.append(retry.failed.detail)
            buffer.append(time)
        }
    }

    /// Sends rows for the dead letters.
    static func send(
        _ letters: [NewDeadLetter],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        try BatchStatements.deadLetters.send(rows: letters.count, to: &pipeline, using: &buffer) { row, buffer in
            let letter = letters[row]
            Self.append(letter.failed, at: time, to: &buffer)
            buffer.append(letter.failed.reason)
            buffer.append(letter.failed.detail)
            buffer.append(letter.attempts)
            buffer.append(letter.definitionVersion)
            buffer.append(time)
        }
    }

    /// Sends what becomes of one row of the retry queue.
    static func send(
        _ settlement: RetrySettlement,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(settlement.lane.number)
        buffer.append(settlement.id)
        switch settlement.outcome {
        case .finished: try pipeline.send(BatchStatements.finishRetry, buffer)
        case .postponed(let attempt, let scheduledAt, let reason, let detail):
            buffer.append(attempt)
            buffer.append(scheduledAt)
            buffer.append(reason)
            buffer.append(detail)
            try pipeline.send(BatchStatements.postponeRetry, buffer)
        }
    }

    /// Sends what becomes of one dead letter whose replay has ended.
    static func send(
        _ replay: ReplaySettlement,
        _ admitted: [Admission.Numbered],
        at time: Timestamp,
        to pipeline: inout Pipeline,
        _ buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(replay.lane.number)
        buffer.append(replay.letter)
        buffer.append(replay.replay)
        switch replay.outcome {
        case .resolved(let events):
            let new = admitted.count { events.contains($0.event) }
            buffer.append(Int32(clamping: new))
            buffer.append(Int32(clamping: events.count - new))
            try pipeline.send(BatchStatements.resolveLetter, buffer)
        case .reopened(let reason, let detail, let attempts, let version):
            buffer.append(reason)
            buffer.append(detail)
            buffer.append(attempts)
            buffer.append(version)
            buffer.append(time)
            try pipeline.send(BatchStatements.reopenLetter, buffer)
        }
    }

    private static func append(_ failed: FailedDelivery, at time: Timestamp, to buffer: inout ParameterBuffer) {
        let content = failed.content
        buffer.append(content.lane.number)
        buffer.append(UniqueID.timeOrdered(at: time))
        buffer.append(content.id)
        buffer.append(content.organization)
        buffer.append(content.endpoint)
        buffer.append(content.platform)
        buffer.append(bytes: content.headers)
        buffer.append(bytes: content.body)
    }
}
