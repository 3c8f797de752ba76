package import PosternModel
package import PosternPostgres

/// Lists dead letters.
///
/// Blocking: connection threads only.
package enum DeadLetterReader {
    private static let columns = """
        id, lane, webhook_id, org_id, endpoint_id, platform, failure_reason, failure_detail, attempts_made,
        requires_manual_review, review_state, octet_length(payload)::bigint, created_at
        """

    // "open" is written out so that the partial index is used; the rest of the conditions are parameters.
    private static let open = Statement(
        "dead_letters_open",
        """
        SELECT \(Self.columns) FROM postern.webhook_dead_letter_queue
        WHERE review_state = 'open'
            AND id < coalesce($1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        ORDER BY id DESC LIMIT $2
        """,
        [.uuid, .int64]
    )

    private static let openOfOrganization = Statement(
        "dead_letters_open_of_organization",
        """
        SELECT \(Self.columns) FROM postern.webhook_dead_letter_queue
        WHERE review_state = 'open' AND org_id = $1
            AND id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        ORDER BY id DESC LIMIT $3
        """,
        [.uuid, .uuid, .int64]
    )

    private static let all = Statement(
        "dead_letters_all",
        """
        SELECT \(Self.columns) FROM postern.webhook_dead_letter_queue
        WHERE id < coalesce($1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        ORDER BY id DESC LIMIT $2
        """,
        [.uuid, .int64]
    )

    private static let allOfOrganization = Statement(
        "dead_letters_all_of_organization",
        """
        SELECT \(Self.columns) FROM postern.webhook_dead_letter_queue
        WHERE org_id = $1 AND id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        ORDER BY id DESC LIMIT $3
        """,
        [.uuid, .uuid, .int64]
    )

    /// Reads dead letters, newest first.
    ///
    /// - Parameters:
    ///   - organization: whose; `nil` for everything the session sees, at the cost of a sort.
    ///   - openOnly: leaves out what was reviewed.
    ///   - cursor: the last of the page before; `nil` for the first page.
    ///   - limit: how many, 1 to 1000.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the page; an empty one is the end.
    /// - Throws: any ``PostgresError``.
    package static func list<Session: QuerySession & ~Copyable>(
        of organization: OrganizationID?,
        openOnly: Bool = true,
        before cursor: UniqueID? = nil,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DeadLetterListing] {
        var parameters = ParameterBuffer()
        if let organization { parameters.append(organization) }
        parameters.append(cursor)
        parameters.append(Int64(min(max(limit, 1), 1000)))
        let statement =
            switch (organization, openOnly) {
            case (nil, true): Self.open
            case (nil, false): Self.all
            case (.some, true): Self.openOfOrganization
            case (.some, false): Self.allOfOrganization
            }
        let rows = try session.query(statement, parameters, within: within)
        var listings: [DeadLetterListing] = []
        for row in 0..<rows.count {
            listings.append(
                DeadLetterListing(
                    id: try rows.uuid(row, 0),
                    lane: Lane(try rows.int32(row, 1)),
                    delivery: try rows.id(row, 2),
                    organization: try rows.id(row, 3),
                    endpoint: try rows.id(row, 4),
                    platform: try rows.text(row, 5),
                    reason: try rows.text(row, 6),
                    detail: try rows.text(row, 7),
                    attempts: try rows.int32(row, 8),
                    requiresManualReview: try rows.bool(row, 9),
                    reviewState: try rows.text(row, 10),
                    payloadBytes: try rows.int64(row, 11),
                    createdAt: try rows.timestamp(row, 12)
                )
            )
        }
        return listings
    }
}
