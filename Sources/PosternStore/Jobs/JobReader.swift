package import PosternModel
package import PosternPostgres

/// Lists jobs.
///
/// Blocking: connection threads only.
package enum JobReader {
    private static let list = Statement(
        "jobs_list",
        """
        SELECT \(JobRecord.columns) FROM postern.job_status j
        WHERE ($1::uuid IS NULL OR j.org_id = $1)
            AND ($2::text IS NULL OR j.type = $2)
            AND (NOT $3 OR j.status IN ('planned', 'waiting', 'running'))
            AND j.id < coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        ORDER BY j.id DESC LIMIT $5
        """,
        [.uuid, .text, .bool, .uuid, .int64]
    )

    /// Reads jobs, newest first.
    ///
    /// - Parameters:
    ///   - organization: whose; `nil` for everything the session sees.
    ///   - kind: only these; `nil` for all.
    ///   - unfinishedOnly: leaves out what has come to its end.
    ///   - cursor: the last of the page before; `nil` for the first page.
    ///   - limit: how many, 1 to 1000.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the page; an empty one is the end.
    /// - Throws: any ``PostgresError``.
    package static func list<Session: QuerySession & ~Copyable>(
        of organization: OrganizationID? = nil,
        kind: JobKind? = nil,
        unfinishedOnly: Bool = false,
        before cursor: JobID? = nil,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [JobRecord] {
        var parameters = ParameterBuffer()
        parameters.append(organization)
        parameters.append(kind?.rawValue)
        parameters.append(unfinishedOnly)
        parameters.append(cursor)
        parameters.append(Int64(min(max(limit, 1), 1000)))
        let rows = try session.query(Self.list, parameters, within: within)
        var jobs: [JobRecord] = []
        for row in 0..<rows.count { jobs.append(try JobRecord.read(rows, row)) }
        return jobs
    }

    private static let find = Statement(
        "job_find",
        "SELECT \(JobRecord.columns) FROM postern.job_status j WHERE j.id = $1",
        [.uuid]
    )

    /// Reads one job; `nil` when the session sees none with this identifier.
    ///
    /// - Throws: any ``PostgresError``.
    package static func find<Session: QuerySession & ~Copyable>(
        _ job: JobID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> JobRecord? {
        var parameters = ParameterBuffer()
        parameters.append(job)
        let rows = try session.query(Self.find, parameters, within: within)
        return rows.count == 0 ? nil : try JobRecord.read(rows, 0)
    }
}
