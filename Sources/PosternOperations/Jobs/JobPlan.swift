package import PosternModel
package import PosternPostgres
package import PosternStore

/// What a job would do, without having done it.
package struct JobPlan: Sendable, Equatable {
    /// How many items a second unless somebody says otherwise: a destination that recovers is not to be flooded.
    package static let defaultPerSecond: Int32 = 50

    package let work: JobWork
    /// How many items there are.
    package let total: Int64
    /// The last of them; `nil` when there is none.
    package let bound: String?

    /// Counts what the work would be now; what comes later is not part of the plan.
    ///
    /// - Throws: any ``PostgresError``.
    package static func make<Session: QuerySession & ~Copyable>(
        _ work: JobWork,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> JobPlan {
        switch work {
        case .replayDeadLetters(let filter, _), .discardDeadLetters(let filter, _),
            .acknowledgeDeadLetters(let filter, _), .reopenDeadLetters(let filter, _):
            // The bound first: a letter that comes between is neither counted nor touched.
            let bound = try DeadLetterReader.newest(in: filter.states, &session, within: within)
            guard let bound else { return JobPlan(work: work, total: 0, bound: nil) }
            let counts = try DeadLetterReader.count(filter, through: bound, &session, within: within)
            return JobPlan(work: work, total: counts.total, bound: "\(bound)")
        case .replayEvents(let filter):
            guard let plan = try EventReplays.plan(filter, &session, within: within) else {
                return JobPlan(work: work, total: 0, bound: nil)
            }
            return JobPlan(work: work, total: plan.count, bound: "\(plan.bound)")
        case .renormalize(let scope):
            let count = try RenormalizationReader.count(scope, &session, within: within)
            return JobPlan(work: work, total: count, bound: "\(scope.until)")
        }
    }

    /// Asks for the job; the next consumer that is free runs it.
    ///
    /// - Returns: the job; `nil` when there is nothing to do.
    /// - Throws: ``ConfigurationError``: `invalid` or `database`.
    package func start(
        perSecond: Int32?,
        acting administration: Administration,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> JobID? {
        guard let bound, self.total > 0 else { return nil }
        return try administration.createJob(
            NewJob(
                kind: self.work.kind,
                organization: self.work.organization,
                plan: self.work.plan,
                total: self.total,
                bound: bound,
                perSecond: perSecond
            ),
            &connection,
            within: within
        )
    }
}
