package import PosternModel
package import PosternPostgres

/// Lists, counts and groups dead letters.
///
/// Blocking: connection threads only.
package enum DeadLetterReader {
    /// Bounds a page, whatever is asked for.
    package static let limits = 1...1000

    // The page is found in an index alone; only its own rows are fetched.
    private static func listing(_ name: StaticString, _ condition: String, _ types: [PostgresType]) -> Statement {
        let limit = "$\(types.count)"
        return Statement(
            name,
            """
            SELECT \(DeadLetterListing.columns) FROM (
                SELECT k.lane, k.id FROM unnest($1::text[]) AS s(state)
                CROSS JOIN LATERAL (
                    SELECT d.lane, d.id FROM postern.webhook_dead_letter_queue d
                    WHERE d.review_state = s.state AND \(condition)
                    ORDER BY d.id DESC LIMIT \(limit)) k
                ORDER BY k.id DESC LIMIT \(limit)) page
            JOIN postern.webhook_dead_letter_queue d ON d.lane = page.lane AND d.id = page.id
            ORDER BY d.id DESC
            """,
            types
        )
    }

    private static let list = Self.listing(
        "dead_letters_list",
        DeadLetterFilter.conditions,
        DeadLetterFilter.types + [.int64]
    )

    private static let listOfOrganization = Self.listing(
        "dead_letters_list_of_organization",
        "\(DeadLetterFilter.organizationCondition) AND \(DeadLetterFilter.conditions)",
        DeadLetterFilter.types + [.uuid, .int64]
    )

    /// Reads dead letters, newest first.
    ///
    /// - Parameters:
    ///   - filter: which.
    ///   - cursor: the last of the page before; `nil` for the first page.
    ///   - limit: how many, 1 to 1000.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the page; an empty one is the end.
    /// - Throws: any ``PostgresError``.
    package static func list<Session: QuerySession & ~Copyable>(
        _ filter: DeadLetterFilter,
        before cursor: DeadLetterID? = nil,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DeadLetterListing] {
        var parameters = ParameterBuffer()
        filter.append(to: &parameters, through: cursor.map(Self.predecessor))
        parameters.append(Int64(min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)))
        let statement = filter.organization == nil ? Self.list : Self.listOfOrganization
        let rows = try session.query(statement, parameters, within: within)
        var listings: [DeadLetterListing] = []
        listings.reserveCapacity(rows.count)
        for row in 0..<rows.count { listings.append(try DeadLetterListing.read(rows, row)) }
        return listings
    }

    private static func counting(_ name: StaticString, _ condition: String, _ types: [PostgresType]) -> Statement {
        Statement(
            name,
            """
            SELECT d.review_state, count(*), count(d.replay_id) FROM postern.webhook_dead_letter_queue d
            WHERE d.review_state = ANY ($1) AND \(condition) GROUP BY d.review_state
            """,
            types
        )
    }

    private static let count = Self.counting(
        "dead_letters_count",
        DeadLetterFilter.conditions,
        DeadLetterFilter.types
    )

    private static let countOfOrganization = Self.counting(
        "dead_letters_count_of_organization",
        "\(DeadLetterFilter.organizationCondition) AND \(DeadLetterFilter.conditions)",
        DeadLetterFilter.types + [.uuid]
    )

    /// Counts dead letters by state.
    ///
    /// Reads one index entry for each letter in these states.
    ///
    /// - Throws: any ``PostgresError``.
    package static func count<Session: QuerySession & ~Copyable>(
        _ filter: DeadLetterFilter,
        through bound: DeadLetterID? = nil,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DeadLetterCounts {
        var parameters = ParameterBuffer()
        filter.append(to: &parameters, through: bound)
        let statement = filter.organization == nil ? Self.count : Self.countOfOrganization
        let rows = try session.query(statement, parameters, within: within)
        var counts = DeadLetterCounts()
        for row in 0..<rows.count {
            guard let state = DeadLetterState(rawValue: try rows.text(row, 0)) else { continue }
            counts.byState[state] = try rows.int64(row, 1)
            counts.replaying += try rows.int64(row, 2)
        }
        return counts
    }

    private static func grouping(_ name: StaticString, _ condition: String, _ types: [PostgresType]) -> Statement {
        Statement(
            name,
            """
            SELECT d.org_id, d.fingerprint, d.platform, d.event_type, d.failure_reason, d.destination_id, count(*),
                count(d.replay_id), min(d.created_at), max(d.created_at)
            FROM postern.webhook_dead_letter_queue d WHERE d.review_state = ANY ($1) AND \(condition)
            GROUP BY d.org_id, d.fingerprint, d.platform, d.event_type, d.failure_reason, d.destination_id
            ORDER BY count(*) DESC, max(d.created_at) DESC, d.fingerprint LIMIT $\(types.count)
            """,
            types
        )
    }

    private static let groups = Self.grouping(
        "dead_letters_groups",
        DeadLetterFilter.conditions,
        DeadLetterFilter.types + [.int64]
    )

    private static let groupsOfOrganization = Self.grouping(
        "dead_letters_groups_of_organization",
        "\(DeadLetterFilter.organizationCondition) AND \(DeadLetterFilter.conditions)",
        DeadLetterFilter.types + [.uuid, .int64]
    )

    /// Groups dead letters by organization and fingerprint, the largest group first.
    ///
    /// Reads one index entry for each letter in these states.
    ///
    /// - Throws: any ``PostgresError``.
    package static func groups<Session: QuerySession & ~Copyable>(
        _ filter: DeadLetterFilter,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DeadLetterGroup] {
        var parameters = ParameterBuffer()
        filter.append(to: &parameters)
        parameters.append(Int64(min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)))
        let statement = filter.organization == nil ? Self.groups : Self.groupsOfOrganization
        let rows = try session.query(statement, parameters, within: within)
        var groups: [DeadLetterGroup] = []
        for row in 0..<rows.count {
            groups.append(
                DeadLetterGroup(
                    organization: try rows.id(row, 0),
                    fingerprint: try rows.uuid(row, 1),
                    platform: try rows.text(row, 2),
                    type: try rows.textOrNil(row, 3),
                    reason: try rows.text(row, 4),
                    destination: try rows.idOrNil(row, 5),
                    count: try rows.int64(row, 6),
                    replaying: try rows.int64(row, 7),
                    firstSeen: try rows.timestamp(row, 8),
                    lastSeen: try rows.timestamp(row, 9)
                )
            )
        }
        return groups
    }

    private static let newest = Statement(
        "dead_letters_newest",
        """
        SELECT d.id FROM unnest($1::text[]) AS s(state) CROSS JOIN LATERAL (
            SELECT d.id FROM postern.webhook_dead_letter_queue d WHERE d.review_state = s.state
            ORDER BY d.id DESC LIMIT 1) d
        ORDER BY d.id DESC LIMIT 1
        """,
        [.textArray]
    )

    /// The newest letter in any of these states; `nil` when there is none.
    ///
    /// - Throws: any ``PostgresError``.
    package static func newest<Session: QuerySession & ~Copyable>(
        in states: [DeadLetterState],
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DeadLetterID? {
        var parameters = ParameterBuffer()
        parameters.append(states.map(\.rawValue))
        let rows = try session.query(Self.newest, parameters, within: within)
        return rows.count == 0 ? nil : try rows.id(0, 0)
    }

    /// The identifier before one; the lowest has none and stays.
    private static func predecessor(_ letter: DeadLetterID) -> DeadLetterID {
        let id = letter.id
        if id.low > 0 { return DeadLetterID(UniqueID(high: id.high, low: id.low - 1)) }
        return id.high > 0 ? DeadLetterID(UniqueID(high: id.high - 1, low: .max)) : letter
    }
}
