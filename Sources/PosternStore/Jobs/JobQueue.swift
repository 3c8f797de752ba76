internal import PosternModel
package import PosternPostgres

/// Runs jobs: one process at a time has a job, for as long as it extends its lease.
///
/// For a session of the consumer. A step locks its job's row, does its work and moves the position in one transaction,
/// so that whoever takes the job over goes on exactly behind it. Blocking: connection threads only.
package enum JobQueue {
    private static let claim = Statement(
        "job_claim",
        """
        UPDATE postern.job_status j SET
            status = 'running', owner = $1, fence = j.fence + 1, leased_until = now() + $3 * interval '1 microsecond',
            started_at = coalesce(j.started_at, now()), updated_at = now(), message = 'running'
        WHERE j.id = (
            SELECT id FROM postern.job_status
            WHERE status IN ('waiting', 'running') AND type = ANY ($2)
                AND (status = 'waiting' OR leased_until IS NULL OR leased_until < now())
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING \(JobRecord.columns)
        """,
        [.text, .textArray, .int64]
    )

    /// Takes the oldest job that waits, or whose process has let its lease end.
    ///
    /// - Parameters:
    ///   - owner: what `job_status` shows to people.
    ///   - kinds: what we can do.
    ///   - lease: for how long it is ours without a step.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the job; `nil` when there is nothing to do.
    /// - Throws: any ``PostgresError``.
    package static func claim(
        for owner: String,
        _ kinds: [JobKind],
        lease: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobRecord? {
        var parameters = ParameterBuffer()
        parameters.append(owner)
        parameters.append(kinds.map(\.rawValue))
        parameters.append(lease.inMicroseconds)
        let rows = try connection.query(Self.claim, parameters, within: within)
        return rows.count == 0 ? nil : try JobRecord.read(rows, 0)
    }

    private static let lock = Statement(
        "job_lock",
        """
        SELECT \(JobRecord.columns) FROM postern.job_status j
        WHERE j.id = $1 AND j.fence = $2 AND j.status = 'running' FOR UPDATE
        """,
        [.uuid, .int64]
    )

    private static let advance = Statement(
        "job_advance",
        """
        UPDATE postern.job_status j SET
            position = coalesce($3, j.position), done = j.done + $4, result = coalesce(j.result, '{}') || $5,
            percentage = CASE WHEN $6 = 'succeeded' THEN 100
                WHEN j.total > 0 THEN least(99, (j.done + $4) * 100 / j.total) ELSE 0 END,
            leased_until = CASE WHEN $6 = 'running' THEN now() + $9 * interval '1 microsecond' END,
            owner = CASE WHEN $6 = 'running' THEN j.owner END,
            finished_at = CASE WHEN $6 <> 'running' THEN now() END,
            status = $6, message = $7, error = $8, updated_at = now()
        WHERE j.id = $1 AND j.fence = $2
        """,
        [.uuid, .int64, .text, .int64, .jsonb, .text, .text, .text, .int64]
    )

    /// Runs one step of a job.
    ///
    /// - Parameters:
    ///   - job: as it was claimed.
    ///   - lease: for how long it is ours afterwards.
    ///   - connection: where to work.
    ///   - within: the deadline of the whole step.
    ///   - work: does the step; it gets the job as it stands.
    /// - Returns: how it went.
    /// - Throws: any ``PostgresError``; nothing of the step is kept then, unless the outcome of its commit is unknown: the
    ///   position that the next step reads tells.
    package static func step(
        _ job: JobRecord,
        lease: Duration,
        _ connection: inout Connection,
        within: Duration,
        _ work: (JobRecord, inout Connection) throws(PostgresError) -> JobStep
    ) throws(PostgresError) -> JobStepOutcome {
        try connection.transaction(within: within) { connection throws(PostgresError) in
            var parameters = ParameterBuffer()
            parameters.append(job.id)
            parameters.append(job.fence)
            let rows = try connection.query(Self.lock, parameters, within: within)
            guard rows.count > 0 else { return .lost }
            let current = try JobRecord.read(rows, 0)
            let isCanceled = current.cancelRequestedAt != nil
            let step = isCanceled ? JobStep(position: nil, done: 0) : try work(current, &connection)
            let counts = Self.sum(current.counts, step.counts)
            let (status, message, error) = Self.words(current, step, counts, isCanceled: isCanceled)
            parameters.removeAll()
            parameters.append(job.id)
            parameters.append(job.fence)
            parameters.append(step.position)
            parameters.append(step.done)
            parameters.append(jsonb: Self.json(counts))
            parameters.append(status.rawValue)
            parameters.append(message)
            parameters.append(error)
            parameters.append(lease.inMicroseconds)
            _ = try connection.query(Self.advance, parameters, within: within)
            return status == .running ? .advanced(done: step.done) : .ended(status)
        }
    }

    private static func words(
        _ job: JobRecord,
        _ step: JobStep,
        _ counts: [String: Int64],
        isCanceled: Bool
    ) -> (status: JobStatus, message: String, error: String?) {
        let done = "\(job.done + step.done) of \(job.total)"
        let counted = counts.isEmpty ? "" : ": \(JobCounts.text(counts))"
        if isCanceled { return (.canceled, "canceled after \(done)\(counted)", nil) }
        switch step.end {
        case .more: return (.running, done, nil)
        case .finished:
            return (.succeeded, counts.isEmpty ? "done: \(job.done + step.done)" : JobCounts.text(counts), nil)
        case .failed(let reason): return (.failed, "failed after \(done)\(counted)", reason)
        }
    }

    /// The counts of a job after a step.
    private static func sum(_ before: [String: Int64], _ step: [String: Int64]) -> [String: Int64] {
        before.merging(step) { old, new in old.addingReportingOverflow(new).partialValue }
    }

    /// Counts as a JSON object, whose names are ours and need no escapes.
    private static func json(_ counts: [String: Int64]) -> [UInt8] {
        let members = counts.sorted { $0.key < $1.key }.map { name, count in "\"\(name)\": \(count)" }
        return Array("{\(members.joined(separator: ", "))}".utf8)
    }

    private static let fail = Statement(
        "job_fail",
        """
        UPDATE postern.job_status SET status = 'failed', error = $3, message = 'failed after ' || done || ' of ' || total,
            owner = NULL, leased_until = NULL, finished_at = now(), updated_at = now()
        WHERE id = $1 AND fence = $2 AND status = 'running'
        """,
        [.uuid, .int64, .text]
    )

    /// Ends a job whose step the database refuses; false when it is somebody else's by now.
    ///
    /// - Throws: any ``PostgresError``.
    package static func fail(
        _ job: JobRecord,
        reason: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = ParameterBuffer()
        parameters.append(job.id)
        parameters.append(job.fence)
        parameters.append(reason)
        return try connection.query(Self.fail, parameters, within: within).affected == 1
    }

    private static let release = Statement(
        "job_release",
        """
        UPDATE postern.job_status SET status = 'waiting', message = 'waits for a consumer', owner = NULL,
            leased_until = NULL, updated_at = now()
        WHERE id = $1 AND fence = $2 AND status = 'running'
        """,
        [.uuid, .int64]
    )

    /// Gives a job back, so that another process need not wait for the end of its lease.
    ///
    /// - Throws: any ``PostgresError``.
    package static func release(
        _ job: JobRecord,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(job.id)
        parameters.append(job.fence)
        _ = try connection.query(Self.release, parameters, within: within)
    }
}
