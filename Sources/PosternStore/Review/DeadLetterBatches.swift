package import PosternModel
package import PosternPostgres

/// What jobs do to many dead letters at a time, each call within the transaction of a job's step.
///
/// For a session of the consumer. Blocking: connection threads only.
package enum DeadLetterBatches {
    /// A letter that a job has come to.
    package struct Item: Sendable, Equatable {
        package let lane: Lane
        package let letter: DeadLetterID

        /// Joins the fields.
        package init(lane: Lane, letter: DeadLetterID) {
            self.lane = lane
            self.letter = letter
        }
    }

    private static func paging(_ name: StaticString, _ condition: String, _ types: [PostgresType]) -> Statement {
        let limit = "$\(types.count)"
        return Statement(
            name,
            """
            SELECT k.lane, k.id FROM unnest($1::text[]) AS s(state)
            CROSS JOIN LATERAL (
                SELECT d.lane, d.id FROM postern.webhook_dead_letter_queue d
                WHERE d.review_state = s.state AND \(condition)
                ORDER BY d.id LIMIT \(limit)) k
            ORDER BY k.id LIMIT \(limit)
            """,
            types
        )
    }

    private static let page = Self.paging(
        "dead_letters_page",
        DeadLetterFilter.conditions,
        DeadLetterFilter.types + [.int64]
    )

    private static let pageOfOrganization = Self.paging(
        "dead_letters_page_of_organization",
        "\(DeadLetterFilter.organizationCondition) AND \(DeadLetterFilter.conditions)",
        DeadLetterFilter.types + [.uuid, .int64]
    )

    /// Reads which letters come next, oldest first.
    ///
    /// - Parameters:
    ///   - filter: which are meant.
    ///   - position: the last one the job has come to.
    ///   - bound: the last one of the job.
    ///   - limit: how many at most.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the letters; none is the end.
    /// - Throws: any ``PostgresError``.
    package static func page(
        _ filter: DeadLetterFilter,
        after position: DeadLetterID?,
        through bound: DeadLetterID,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Item] {
        var parameters = ParameterBuffer()
        filter.append(to: &parameters, after: position, through: bound)
        parameters.append(Int64(max(1, limit)))
        let statement = filter.organization == nil ? Self.page : Self.pageOfOrganization
        let rows = try connection.query(statement, parameters, within: within)
        var items: [Item] = []
        for row in 0..<rows.count {
            items.append(Item(lane: Lane(try rows.int32(row, 0)), letter: try rows.id(row, 1)))
        }
        return items
    }

    /// What became of the letters of one step.
    package struct Outcome: Sendable, Equatable {
        /// Acted on.
        package var done = 0
        /// Left, because a replay of them was under way.
        package var replaying = 0
        /// Left, because somebody changed their state in the meantime.
        package var settled = 0
        /// Left, because where they would go takes nothing: deleted, disabled, or not of their organization.
        package var undeliverable = 0

        /// All that were left.
        package var skipped: Int { self.replaying + self.settled + self.undeliverable }

        /// Starts at nothing.
        package init() {}
    }

    /// Puts letters back on their way; those that are not open or acknowledged any more, that somebody else replays or
    /// whose destination is gone are left.
    ///
    /// - Parameters:
    ///   - items: which.
    ///   - destination: where to send their events in place of their own destinations; `nil` for those.
    ///   - job: who does it.
    ///   - who: who asked for it.
    ///   - connection: a session of the consumer.
    ///   - within: the deadline.
    /// - Returns: how many were put back, and why the others were not.
    /// - Throws: any ``PostgresError``.
    package static func replay(
        _ items: [Item],
        to destination: DestinationID? = nil,
        for job: JobID,
        by who: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Outcome {
        let now = Timestamp.now()
        var parameters = ParameterBuffer()
        parameters.append(items.map(\.lane.number))
        parameters.append(items.map(\.letter))
        parameters.append(items.map { _ in RetryID.fresh(at: now) })
        parameters.appendNull()
        parameters.append(job)
        parameters.append(destination)
        let rows = try connection.query(ReplayStatements.replay, parameters, within: within)
        try Self.audit(.replayDeadLetter, rows, for: job, by: who, &connection, within: within)
        return try Self.outcome(of: items, from: DeadLetterState.unsettled, rows, &connection, within: within)
    }

    /// What becomes of letters in bulk, besides a replay.
    package struct Review: Sendable, Equatable {
        fileprivate let act: AuditedAct
        fileprivate let state: DeadLetterState
        /// The states a letter may come from; one in another state is left.
        package let sources: [DeadLetterState]

        /// Marks open letters as seen.
        package static let acknowledgement = Review(
            act: .acknowledgeDeadLetter,
            state: .acknowledged,
            sources: [.open]
        )
        /// Gives letters up.
        package static let discard = Review(
            act: .discardDeadLetter,
            state: .discarded,
            sources: DeadLetterState.unsettled
        )
        /// Opens letters again.
        package static let reopening = Review(
            act: .reopenDeadLetter,
            state: .open,
            sources: [.acknowledged, .discarded, .resolved]
        )
    }

    /// Changes the state of letters; those in other states by now and those that somebody replays are left.
    ///
    /// - Parameters:
    ///   - items: which.
    ///   - review: what becomes of them.
    ///   - note: why, kept with each.
    ///   - job: who does it.
    ///   - who: who asked for it.
    ///   - connection: a session of the consumer.
    ///   - within: the deadline.
    /// - Returns: how many were changed, and why the others were not.
    /// - Throws: any ``PostgresError``.
    package static func review(
        _ items: [Item],
        _ review: Review,
        note: String?,
        for job: JobID,
        by who: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Outcome {
        var parameters = ParameterBuffer()
        parameters.append(items.map(\.lane.number))
        parameters.append(items.map(\.letter))
        parameters.append(note)
        parameters.append(who)
        parameters.append(job)
        parameters.append(review.state.rawValue)
        parameters.append(review.sources.map(\.rawValue))
        let rows = try connection.query(ReplayStatements.review, parameters, within: within)
        try Self.audit(review.act, rows, for: job, by: who, &connection, within: within)
        return try Self.outcome(of: items, from: review.sources, rows, &connection, within: within)
    }

    /// Counts what was done, and asks why the rest was left.
    private static func outcome(
        of items: [Item],
        from states: [DeadLetterState],
        _ rows: Rows,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Outcome {
        var outcome = Outcome()
        outcome.done = rows.count
        if rows.count == items.count { return outcome }
        var taken: Set<DeadLetterID> = []
        for row in 0..<rows.count { taken.insert(try rows.id(row, 0)) }
        let left = items.filter { !taken.contains($0.letter) }
        var parameters = ParameterBuffer()
        parameters.append(left.map(\.lane.number))
        parameters.append(left.map(\.letter))
        parameters.append(states.map(\.rawValue))
        let reasons = try connection.query(ReplayStatements.left, parameters, within: within)
        outcome.replaying = Int(try reasons.int64(0, 0))
        outcome.settled = Int(try reasons.int64(0, 1))
        outcome.undeliverable = max(0, left.count - outcome.replaying - outcome.settled)
        return outcome
    }

    /// Writes a line of the audit log for each row of letter and organization.
    private static func audit(
        _ act: AuditedAct,
        _ rows: Rows,
        for job: JobID,
        by who: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard rows.count > 0 else { return }
        var ids = UniqueIDSequence()
        let now = Timestamp.now()
        var letters: [DeadLetterID] = []
        var organizations: [OrganizationID] = []
        for row in 0..<rows.count {
            letters.append(try rows.id(row, 0))
            organizations.append(try rows.id(row, 1))
        }
        var parameters = ParameterBuffer()
        parameters.append(letters.map { _ in ids.next(at: now) })
        parameters.append(organizations)
        parameters.append(letters)
        parameters.append(who)
        parameters.append("job \(job)")
        parameters.append(act.rawValue)
        parameters.append(job)
        _ = try connection.query(ReplayStatements.audit, parameters, within: within)
    }
}
