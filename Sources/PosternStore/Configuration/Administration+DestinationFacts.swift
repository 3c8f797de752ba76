package import PosternModel
package import PosternPostgres

extension Administration {
    /// More of an organization's newest events than these are not looked at for their types.
    private static let typesLookedAt: Int64 = 20_000

    private static let passedOver = Statement(
        "destination_passed_over",
        """
        SELECT coalesce(sum(unsubscribed), 0)::bigint FROM postern.destination_cursors WHERE destination_id = $1
        """,
        [.uuid]
    )

    /// How many events a destination has passed over, because it does not subscribe to them.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func eventsPassedOver(
        by destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Int64 {
        let rows = try Self.run(Self.passedOver, &connection, within: within) { $0.append(destination) }
        return try Self.read { () throws(PostgresError) in try rows.int64(0, 0) }
    }

    private static let unmatched = Statement(
        "subscription_unmatched",
        """
        WITH types AS MATERIALIZED (
            SELECT DISTINCT e.type FROM (
                SELECT type FROM postern.events WHERE org_id = $1 AND stored_at >= now() - interval '1 day'
                ORDER BY id DESC LIMIT $4) e
        )
        SELECT g.glob FROM unnest($2::text[], $3::text[]) AS g(glob, pattern)
        WHERE EXISTS (SELECT FROM types) AND NOT EXISTS (SELECT FROM types t WHERE t.type LIKE g.pattern)
        ORDER BY g.glob
        """,
        [.uuid, .textArray, .textArray, .int64]
    )

    /// Which of these patterns match no type among the organization's newest events of the last day.
    ///
    /// None when there was no event: then nothing can be said.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func typesUnseen(
        _ globs: [String],
        by organization: OrganizationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [String] {
        if globs.isEmpty { return [] }
        let rows = try Self.run(Self.unmatched, &connection, within: within) { parameters in
            parameters.append(organization)
            parameters.append(globs)
            parameters.append(globs.map(GlobPattern.like))
            parameters.append(Self.typesLookedAt)
        }
        return try Self.read { () throws(PostgresError) in
            var unseen: [String] = []
            for row in 0..<rows.count { unseen.append(try rows.text(row, 0)) }
            return unseen
        }
    }
}
