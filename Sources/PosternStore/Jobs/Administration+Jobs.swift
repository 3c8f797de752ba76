package import PosternModel
package import PosternPostgres

extension Administration {
    private static let insertJob = Statement(
        "job_create",
        """
        INSERT INTO postern.job_status (id, org_id, type, who, status, message, result, plan, total, bound, per_second)
        VALUES ($1, $2, $3, $4, 'waiting', 'waits for a consumer', '{}', $5, $6, $7, $8)
        """,
        [.uuid, .uuid, .text, .text, .jsonb, .int64, .text, .int32]
    )

    /// Asks for a job; the next consumer that is free runs it.
    ///
    /// - Throws: ``ConfigurationError``: `invalid` or `database`.
    package func createJob(
        _ new: NewJob,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> JobID {
        if let rate = new.perSecond, !(1...100_000).contains(rate) {
            throw .invalid(field: "per_second", reason: "1 to 100000")
        }
        let id = JobID.fresh(at: .now())
        try self.act(&connection, subject: "\(id)", within: within) { connection throws(ConfigurationError) in
            _ = try Self.run(Self.insertJob, &connection, within: within) { parameters in
                parameters.append(id)
                parameters.append(new.organization)
                parameters.append(new.kind.rawValue)
                parameters.append(self.author.who)
                parameters.append(jsonb: new.plan)
                parameters.append(max(0, new.total))
                parameters.append(new.bound)
                parameters.append(new.perSecond)
            }
            try self.audit(
                .createJob,
                of: "\(id)",
                organization: new.organization,
                after: [
                    "type": new.kind.rawValue, "plan": String(decoding: new.plan, as: UTF8.self),
                    "total": String(new.total),
                ],
                &connection,
                within: within
            )
        }
        return id
    }

    // A job nobody runs ends at once; one that runs ends with the step at hand.
    private static let cancel = Statement(
        "job_cancel",
        """
        UPDATE postern.job_status j SET
            cancel_requested_at = coalesce(j.cancel_requested_at, now()), updated_at = now(),
            status = CASE WHEN was.status = 'running' THEN 'running' ELSE 'canceled' END,
            finished_at = CASE WHEN was.status = 'running' THEN NULL ELSE now() END,
            message = CASE WHEN was.status = 'running' THEN j.message ELSE 'canceled before it began' END
        FROM (SELECT id, status FROM postern.job_status WHERE id = $1 FOR UPDATE) was
        WHERE j.id = was.id AND was.status IN ('planned', 'waiting', 'running') RETURNING j.org_id, was.status, j.status
        """,
        [.uuid]
    )

    /// Ends a job; what it has done stays done.
    ///
    /// - Throws: ``ConfigurationError``: `job` or `database`.
    package func cancelJob(
        _ job: JobID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.change(job, by: Self.cancel, .cancelJob, &connection, within: within)
    }

    private static let takeUp = Statement(
        "job_retry",
        """
        UPDATE postern.job_status j SET
            status = 'waiting', error = NULL, message = 'waits for a consumer', cancel_requested_at = NULL,
            finished_at = NULL, owner = NULL, leased_until = NULL, updated_at = now()
        FROM (SELECT id, status FROM postern.job_status WHERE id = $1 FOR UPDATE) was
        WHERE j.id = was.id AND was.status IN ('failed', 'canceled') RETURNING j.org_id, was.status, j.status
        """,
        [.uuid]
    )

    /// Takes a job up again that failed or was canceled, behind the last item it has done.
    ///
    /// - Throws: ``ConfigurationError``: `job` or `database`.
    package func retryJob(
        _ job: JobID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.change(job, by: Self.takeUp, .retryJob, &connection, within: within)
    }

    private func change(
        _ job: JobID,
        by statement: Statement,
        _ act: AuditedAct,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: "\(job)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(statement, &connection, within: within) { $0.append(job) }
            guard rows.count > 0 else {
                let found = try Self.read { () throws(PostgresError) in
                    try JobReader.find(job, &connection, within: within)
                }
                guard let found else { throw .job(.notFound(job)) }
                throw .job(.wrongStatus(job, found.status))
            }
            let (organization, before, after): (OrganizationID?, String, String) = try Self.read {
                () throws(PostgresError) in
                (try rows.idOrNil(0, 0), try rows.text(0, 1), try rows.text(0, 2))
            }
            try self.audit(
                act,
                of: "\(job)",
                organization: organization,
                before: ["status": before],
                after: ["status": after],
                &connection,
                within: within
            )
        }
    }
}
