package import Logging
internal import PosternModel
package import PosternPostgres
internal import PosternStore
internal import ServiceLifecycle

/// Runs jobs, as one of any number of processes that do.
///
/// Graceful shutdown finishes the steps at hand and gives the jobs back; after a crash another process takes them over
/// when their leases end. Either way the next step begins exactly behind the last committed one.
package struct JobRunner: Service {
    private let database: Database
    private let owner: String
    private let configuration: JobRunnerConfiguration
    private let renormalizer: (any Renormalizer)?
    private let logger: Logger

    /// Prepares a runner.
    ///
    /// - Parameters:
    ///   - database: for the role `postern_consumer`, with a connection for each worker; outlives the runner.
    ///   - owner: what `job_status` shows to people: host and process.
    ///   - configuration: how it works.
    ///   - renormalizer: reads deliveries with the present definitions; without, jobs that need it are left to others.
    ///   - logger: where to say what happens.
    package init(
        database: Database,
        owner: String,
        configuration: JobRunnerConfiguration = JobRunnerConfiguration(),
        renormalizer: (any Renormalizer)? = nil,
        logger: Logger
    ) {
        self.database = database
        self.owner = owner
        self.configuration = configuration
        self.renormalizer = renormalizer
        self.logger = logger
    }

    /// Works until graceful shutdown or cancellation.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, self.configuration.workers) { group.addTask { await self.work() } }
        }
    }

    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    /// Takes one job after the other.
    private func work() async {
        var backoff = Backoff()
        while !self.isStopping {
            do throws(PostgresError) {
                let job = try await self.claim()
                backoff.reset()
                if let job { await self.carryOut(job) } else { await Self.pause(self.configuration.pollInterval) }
            } catch {
                self.note("no job claimed", error)
                await Self.pause(backoff.next())
            }
        }
    }

    private func claim() async throws(PostgresError) -> JobRecord? {
        let (owner, lease) = (self.owner, self.configuration.lease)
        let within = self.configuration.stepLimit
        let kinds = JobKind.allCases.filter { $0 != .renormalize || self.renormalizer != nil }
        return try await self.database.run(within: within) { connection throws(PostgresError) in
            try JobQueue.claim(
                for: owner,
                kinds,
                lease: lease,
                &connection,
                within: within
            )
        }
    }

    /// Runs a job to its end, or until it is not ours any more, or we are to stop.
    private func carryOut(_ job: JobRecord) async {
        var logger = self.logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger.info("job taken", metadata: ["type": "\(job.type)", "done": "\(job.done)", "total": "\(job.total)"])
        let work: JobWork
        do throws(JobWorkError) {
            work = try JobWork(job)
        } catch {
            await self.fail(job, reason: "\(error)", logger)
            return
        }
        var pace = JobPace(perSecond: job.perSecond, largest: self.configuration.stepItems)
        var backoff = Backoff()
        while !self.isStopping {
            let start = ContinuousClock.now
            do throws(PostgresError) {
                switch try await self.step(job, work, limit: pace.limit) {
                case .advanced(let done):
                    backoff.reset()
                    pace.advanced()
                    await Self.pause(pace.pause(after: done, took: ContinuousClock.now - start))
                case .ended(let status):
                    logger.notice("job ended", metadata: ["status": "\(status.rawValue)"])
                    return
                case .lost:
                    logger.warning("job lost to another process")
                    return
                }
            } catch {
                switch error {
                case .refused, .conflict:
                    await self.fail(job, reason: "\(error)", logger)
                    return
                case .deadline where !pace.tookTooLong():
                    // It would take one of the workers for ever.
                    let limit = self.configuration.stepLimit
                    let advice = "narrow the filter, or retry the job when the database is less busy"
                    await self.fail(job, reason: "a step for one item takes longer than \(limit): \(advice)", logger)
                    return
                case .retry, .unreachable, .deadline:
                    self.note("step of a job rolled back", error)
                    await Self.pause(backoff.next())
                }
            }
        }
        await self.release(job, logger)
    }

    private func step(_ job: JobRecord, _ work: JobWork, limit: Int) async throws(PostgresError) -> JobStepOutcome {
        let (lease, within) = (self.configuration.lease, self.configuration.stepLimit)
        let renormalizer = self.renormalizer
        return try await self.database.run(within: within) { connection throws(PostgresError) in
            try JobQueue.step(job, lease: lease, &connection, within: within) {
                current,
                connection throws(PostgresError) in
                try work.step(current, limit: limit, renormalizer: renormalizer, &connection, within: within)
            }
        }
    }

    private func fail(_ job: JobRecord, reason: String, _ logger: Logger) async {
        logger.error("job failed", metadata: ["error": "\(reason)"])
        let within = self.configuration.stepLimit
        do throws(PostgresError) {
            _ = try await self.database.run(within: within) { connection throws(PostgresError) in
                try JobQueue.fail(job, reason: reason, &connection, within: within)
            }
        } catch {
            // Its lease ends, and whoever takes it then finds the same.
            logger.error("failure of a job not recorded", metadata: ["error": "\(error)"])
        }
    }

    private func release(_ job: JobRecord, _ logger: Logger) async {
        // Canceled, nothing can be done in the database any more: the lease ends by itself.
        guard !Task.isCancelled else { return }
        let within = self.configuration.stepLimit
        do throws(PostgresError) {
            try await self.database.run(within: within) { connection throws(PostgresError) in
                try JobQueue.release(job, &connection, within: within)
            }
            logger.info("job given back")
        } catch {
            logger.warning("job not given back", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ message: Logger.Message, _ error: PostgresError) {
        self.logger.warning(message, metadata: ["error": "\(error)"])
    }

    /// Sleeps, but not past the beginning of a graceful shutdown.
    private static func pause(_ duration: Duration) async {
        guard duration > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancellation only ends the sleep: whoever sleeps looks for it in its own loop.
                do { try await Task.sleep(for: duration) } catch { return }
            }
            group.addTask {
                do { try await gracefulShutdown() } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
