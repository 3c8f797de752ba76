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

    /// Puts letters back on their way; those that are not open or acknowledged any more, that somebody else replays or
    /// whose destination is gone are left.
    ///
    /// - Returns: how many were put back.
    /// - Throws: any ``PostgresError``.
    package static func replay(
        _ items: [Item],
        for job: JobID,
        by who: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        let now = Timestamp.now()
        var parameters = ParameterBuffer()
        parameters.append(items.map(\.lane.number))
        parameters.append(items.map(\.letter))
        parameters.append(items.map { _ in RetryID.fresh(at: now) })
        parameters.appendNull()
        parameters.append(job)
        let rows = try connection.query(ReplayStatements.replay, parameters, within: within)
        try Self.audit(.replayDeadLetter, rows, for: job, by: who, &connection, within: within)
        return rows.count
    }

    /// Gives letters up; those that are not open or acknowledged any more or that somebody replays are left.
    ///
    /// - Returns: how many were given up.
    /// - Throws: any ``PostgresError``.
    package static func discard(
        _ items: [Item],
        reason: String,
        for job: JobID,
        by who: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(items.map(\.lane.number))
        parameters.append(items.map(\.letter))
        parameters.append(reason)
        parameters.append(who)
        parameters.append(job)
        let rows = try connection.query(ReplayStatements.discard, parameters, within: within)
        try Self.audit(.discardDeadLetter, rows, for: job, by: who, &connection, within: within)
        return rows.count
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
