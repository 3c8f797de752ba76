package import PosternModel
package import PosternPostgres

/// Sums of `traffic_minutes` over a window.
///
/// Blocking: connection threads only.
package enum TrafficSums {
    /// One sum.
    package struct Sum: Sendable, Equatable {
        package let platform: PlatformName
        package let outcome: TrafficOutcome
        package let count: Int64
    }

    private static let all = Statement(
        "traffic_sums",
        """
        SELECT platform, outcome, sum(count)::bigint FROM postern.traffic_minutes
        WHERE minute >= $1 AND minute < $2 GROUP BY platform, outcome ORDER BY platform, outcome
        """,
        [.timestamp, .timestamp]
    )

    private static let ofOrganization = Statement(
        "traffic_sums_of_organization",
        """
        SELECT platform, outcome, sum(count)::bigint FROM postern.traffic_minutes
        WHERE org_id = $3 AND minute >= $1 AND minute < $2 GROUP BY platform, outcome ORDER BY platform, outcome
        """,
        [.timestamp, .timestamp, .uuid]
    )

    /// Sums the minutes that begin from `start` up to `end`, exclusive, by platform and outcome.
    ///
    /// - Parameters:
    ///   - organization: whose; `nil` for everything the session sees.
    ///   - start: the first minute.
    ///   - end: the minute after the last.
    ///   - session: where to ask.
    ///   - within: the deadline.
    /// - Returns: the sums by platform and outcome.
    /// - Throws: any ``PostgresError``.
    package static func load<Session: QuerySession & ~Copyable>(
        of organization: OrganizationID? = nil,
        from start: Timestamp,
        to end: Timestamp,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [Sum] {
        var parameters = ParameterBuffer()
        parameters.append(start)
        parameters.append(end)
        if let organization { parameters.append(organization) }
        let rows = try session.query(organization == nil ? Self.all : Self.ofOrganization, parameters, within: within)
        var sums: [Sum] = []
        for row in 0..<rows.count {
            // A word or name of a newer program is not ours to show.
            guard let platform = PlatformName(try rows.text(row, 0)),
                let outcome = TrafficOutcome(text: try rows.text(row, 1))
            else { continue }
            sums.append(Sum(platform: platform, outcome: outcome, count: try rows.int64(row, 2)))
        }
        return sums
    }
}
