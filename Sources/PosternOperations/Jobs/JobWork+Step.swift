internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore

extension JobWork {
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
        case .replayDeadLetters(let filter, let destination):
            return try Self.letters(filter, job, limit, &connection, within) {
                items,
                connection throws(PostgresError) in
                let outcome = try DeadLetterBatches.replay(
                    items,
                    to: destination,
                    for: job.id,
                    by: job.who,
                    &connection,
                    within: within
                )
                return ("queued", outcome)
            }
        case .discardDeadLetters(let filter, let reason):
            return try Self.review(filter, .discard, "discarded", reason, job, limit, &connection, within)
        case .acknowledgeDeadLetters(let filter, let note):
            return try Self.review(filter, .acknowledgement, "acknowledged", note, job, limit, &connection, within)
        case .reopenDeadLetters(let filter, let note):
            return try Self.review(filter, .reopening, "reopened", note, job, limit, &connection, within)
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

    private static func review(
        _ filter: DeadLetterFilter,
        _ review: DeadLetterBatches.Review,
        _ name: String,
        _ note: String?,
        _ job: JobRecord,
        _ limit: Int,
        _ connection: inout Connection,
        _ within: Duration
    ) throws(PostgresError) -> JobStep {
        try Self.letters(filter, job, limit, &connection, within) { items, connection throws(PostgresError) in
            let outcome = try DeadLetterBatches.review(
                items,
                review,
                note: note,
                for: job.id,
                by: job.who,
                &connection,
                within: within
            )
            return (name, outcome)
        }
    }

    private static func letters(
        _ filter: DeadLetterFilter,
        _ job: JobRecord,
        _ limit: Int,
        _ connection: inout Connection,
        _ within: Duration,
        _ act:
            ([DeadLetterBatches.Item], inout Connection) throws(PostgresError) ->
            (name: String, outcome: DeadLetterBatches.Outcome)
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
        let (name, outcome) = try act(items, &connection)
        var counts = [name: Int64(outcome.done), JobCounts.skipped: Int64(outcome.skipped)]
        for (reason, count) in [
            (JobCounts.skippedReplaying, outcome.replaying), (JobCounts.skippedReviewed, outcome.settled),
            (JobCounts.skippedUndeliverable, outcome.undeliverable),
        ] where count > 0 {
            counts[reason] = Int64(count)
        }
        return JobStep(
            position: "\(last.letter)",
            done: Int64(items.count),
            counts: counts
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
        guard try EventReplays.form(of: filter, &connection, within: within) != nil else {
            return .failed("the destination was deleted or is disabled: enable it, then take the job up again")
        }
        let events = try EventReplays.page(
            filter,
            after: position,
            through: bound,
            limit: limit,
            &connection,
            within: within
        )
        guard let last = events.last else { return .finished }
        let outgoing = events.map { OutgoingEvent($0, to: filter.destination) }
        try EventReplays.queue(outgoing, for: job.id, at: .now(), &connection, within: within)
        return JobStep(
            position: "\(last.id)",
            done: Int64(events.count),
            counts: ["queued": Int64(outgoing.count)]
        )
    }
}
