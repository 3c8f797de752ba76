internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore

extension JobWork {
    private static let requestsAtOnce = 32

    /// Does the next part of a job, in the transaction that will record it.
    ///
    /// - Parameters:
    ///   - job: as it stands.
    ///   - limit: how many items at most.
    ///   - renormalizer: what reads deliveries; without, such a job fails.
    ///   - connection: a session of the consumer, within the step's transaction.
    ///   - within: the deadline.
    /// - Returns: what was done.
    /// - Throws: any ``PostgresError``.
    func step(
        _ job: JobRecord,
        limit: Int,
        renormalizer: (any Renormalizer)?,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobStep {
        switch self {
        case .replayDeadLetters(let filter):
            return try Self.letters(filter, job, limit, &connection, within) {
                items,
                connection throws(PostgresError) in
                let count = try DeadLetterBatches.replay(
                    items,
                    for: job.id,
                    by: job.who,
                    &connection,
                    within: within
                )
                return ("replayed", count)
            }
        case .discardDeadLetters(let filter, let reason):
            return try Self.letters(filter, job, limit, &connection, within) {
                items,
                connection throws(PostgresError) in
                let count = try DeadLetterBatches.discard(
                    items,
                    reason: reason,
                    for: job.id,
                    by: job.who,
                    &connection,
                    within: within
                )
                return ("discarded", count)
            }
        case .replayEvents(let filter):
            return try Self.events(filter, job, limit, &connection, within)
        case .renormalize(let scope):
            guard let renormalizer else { return .failed("this process does not normalize") }
            return try Renormalization(scope, with: renormalizer).step(
                job,
                limit: limit,
                &connection,
                within: within
            )
        }
    }

    private static func letters(
        _ filter: DeadLetterFilter,
        _ job: JobRecord,
        _ limit: Int,
        _ connection: inout Connection,
        _ within: Duration,
        _ act: ([DeadLetterBatches.Item], inout Connection) throws(PostgresError) -> (name: String, count: Int)
    ) throws(PostgresError) -> JobStep {
        guard let bound = job.bound.flatMap({ DeadLetterID(text: $0) }) else {
            return .failed("the job has no end that is a dead letter's id")
        }
        let position = job.position.flatMap { DeadLetterID(text: $0) }
        // Taken for the beginning, a position that cannot be read would do everything twice.
        if job.position != nil, position == nil { return .failed("the job's position is not a dead letter's id") }
        let items = try DeadLetterBatches.page(
            filter,
            after: position,
            through: bound,
            limit: limit,
            &connection,
            within: within
        )
        guard let last = items.last else { return .finished }
        let (name, count) = try act(items, &connection)
        return JobStep(
            position: "\(last.letter)",
            done: Int64(items.count),
            counts: [name: Int64(count), "skipped": Int64(items.count - count)]
        )
    }

    private static func events(
        _ filter: EventReplayFilter,
        _ job: JobRecord,
        _ limit: Int,
        _ connection: inout Connection,
        _ within: Duration
    ) throws(PostgresError) -> JobStep {
        guard let bound = job.bound.flatMap({ EventID(text: $0) }) else {
            return .failed("the job has no end that is an event's id")
        }
        let position = job.position.flatMap { EventID(text: $0) }
        if job.position != nil, position == nil { return .failed("the job's position is not an event's id") }
        guard let form = try EventReplays.form(of: filter, &connection, within: within) else {
            return .failed("the destination was deleted or is disabled: enable it, then take the job up again")
        }
        let events = try EventReplays.page(
            filter,
            after: position,
            through: bound,
            // Original requests are read beside the events, and may be large.
            limit: form == .raw ? min(limit, Self.requestsAtOnce) : limit,
            &connection,
            within: within
        )
        guard let last = events.last else { return .finished }
        var originals: [DeliveryID: StoredRequest] = [:]
        if form == .raw {
            originals = try OriginalRequests.read(
                Array(Set(events.map(\.delivery))),
                &connection,
                within: within
            )
        }
        var outgoing: [OutgoingEvent] = []
        for event in events {
            // Retention took the request, and another body is not what this destination wants.
            if form == .raw, originals[event.delivery] == nil { continue }
            outgoing.append(
                OutgoingEvent(event, to: filter.destination, original: originals[event.delivery])
            )
        }
        try EventReplays.queue(outgoing, for: job.id, at: .now(), &connection, within: within)
        return JobStep(
            position: "\(last.id)",
            done: Int64(events.count),
            counts: ["replayed": Int64(outgoing.count), "skipped": Int64(events.count - outgoing.count)]
        )
    }
}
