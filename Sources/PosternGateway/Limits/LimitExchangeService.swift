package import Logging
internal import PosternLimits
package import PosternModel
package import PosternTelemetry
internal import ServiceLifecycle
internal import Synchronization

/// Keeps the limits of several gateways one: tells what was admitted here, learns what was admitted elsewhere.
///
/// Off the way of requests: without any exchange each budget goes on with this gateway's part of the limit.
package final class LimitExchangeService: Service {
    private struct State {
        var ledger: ShareLedger
        var followed = FollowedBudgets()
        /// Living gateways, as last known.
        var gateways = 1
        /// When an exchange last worked, at first when the service began.
        var lastSuccess: Int64
        /// When the ledger was last looked through.
        var lastPrune: Int64
        var status: ShareStatus
    }

    private let book: any BudgetSource
    private let store: any ShareStore
    private let metrics: LimitMetrics
    private let logger: Logger
    private let clock: @Sendable () -> Int64
    private let gatewaysChanged: @Sendable (Int) -> Void
    private let state: Mutex<State>

    private static let pruneNanoseconds: Int64 = 60_000_000_000

    /// Joins the parts; ``run()`` exchanges.
    ///
    /// - Parameters:
    ///   - gateway: who we are: new at each start, the same as the store's.
    ///   - book: where the budgets are.
    ///   - store: where other gateways are met.
    ///   - metrics: the instruments.
    ///   - logger: hears once of each change for the worse (`warning`) and for the better (`notice`).
    ///   - clock: nanoseconds of the monotonic clock requests are measured by.
    ///   - gatewaysChanged: told how many gateways are alive when that changes, for budgets that begin.
    package init(
        gateway: UniqueID,
        book: any BudgetSource,
        store: any ShareStore,
        metrics: LimitMetrics,
        logger: Logger,
        clock: @escaping @Sendable () -> Int64,
        gatewaysChanged: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.book = book
        self.store = store
        self.metrics = metrics
        self.logger = logger
        self.clock = clock
        self.gatewaysChanged = gatewaysChanged
        let now = clock()
        let status = ShareStatus(
            shares: .local,
            preferred: ShareStatus.Shares(rawValue: store.preferredName) ?? .local,
            gateways: 1,
            failure: nil
        )
        self.state = Mutex(
            State(ledger: ShareLedger(own: gateway), lastSuccess: now, lastPrune: now, status: status)
        )
        metrics.gateways.set(1)
        metrics.share(through: status.shares.rawValue)
    }

    /// How limits are shared now, for the health report; any thread.
    package var status: ShareStatus { self.state.withLock { state in state.status } }

    /// Exchanges until told to stop, then takes this gateway off the list.
    ///
    /// What is admitted after that, while the gateway finishes, is bounded by its part of each limit.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await self.repeatedly { await self.step() } }
                group.addTask {
                    await self.repeatedly {
                        await self.store.renew()
                        return ShareRhythm.alone
                    }
                }
            }
        }
        await self.leave()
    }

    private func repeatedly(_ act: () async -> Duration) async {
        while !Task.isCancelled {
            let wait = await act()
            do { try await Task.sleep(for: wait) } catch { return }
        }
    }

    /// Exchanges once, and says how long to wait for the next time.
    ///
    /// One call at a time.
    package func step() async -> Duration {
        let began = self.clock()
        let asked = self.book.drainAsked()
        let reports = self.state.withLock { state in
            state.followed.note(asked, now: began)
            return state.followed.reports(now: began) { subject in !state.ledger.hasLearned(subject) }
        }
        do throws(ShareError) {
            let answer = try await self.store.exchange(reports)
            return self.take(in: answer, after: reports, began: began)
        } catch {
            return self.missed(error)
        }
    }

    /// Teaches the budgets what an exchange gave.
    private func take(in answer: ShareAnswer, after reports: [ShareReport], began: Int64) -> Duration {
        let now = self.clock()
        let gateways = max(1, answer.gateways.count)
        let duration = max(0, now.subtractingReportingOverflow(began).partialValue)
        let wait = gateways > 1 ? self.wait(after: .nanoseconds(duration)) : ShareRhythm.alone
        let budgets = self.budgets(of: answer)
        let (name, preferred) = (self.store.name, self.store.preferredName)
        // What is learned now has to last until the next exchange has ended, not until it begins.
        let untilNext = Int64(wait / .nanoseconds(1)) + min(duration, 3_600_000_000_000)
        let (lessons, change) = self.state.withLock { state in
            state.followed.told(reports)
            let lessons = state.ledger.reconcile(
                Array(budgets.keys),
                answer,
                freshness: self.store.freshness,
                now: now
            ) { subject in
                budgets[subject]?.withState { budget in budget.limit?.intervalNanoseconds } ?? 0
            }
            let change = Self.change(
                &state,
                ShareStatus(
                    shares: ShareStatus.Shares(rawValue: name) ?? .local,
                    preferred: state.status.preferred,
                    gateways: gateways,
                    failure: name == preferred ? nil : "\(preferred) cannot be used, here or by another gateway"
                )
            )
            state.lastSuccess = now
            return (lessons, change)
        }
        for lesson in lessons {
            budgets[lesson.subject]?.withState { budget in
                budget.learn(
                    othersAdmitted: lesson.othersAdmitted,
                    othersDebtNanoseconds: lesson.othersDebtNanoseconds,
                    sharers: lesson.sharers,
                    rank: lesson.rank,
                    untilNextNanoseconds: untilNext,
                    now: now
                )
            }
        }
        self.metrics.exchangeSeconds.observe(nanoseconds: duration)
        self.tell(change)
        self.prune(now: now)
        return wait
    }

    /// The store's interval, or longer where exchanges take long: they get a quarter of the time at most.
    private func wait(after duration: Duration) -> Duration {
        min(max(self.store.interval, duration * 3), max(ShareRhythm.alone, self.store.interval))
    }

    /// The followed budgets, and those that others tell of: one that is not asked here learns all the same.
    private func budgets(of answer: ShareAnswer) -> [UniqueID: Budget] {
        var budgets: [UniqueID: Budget] = [:]
        for budget in self.state.withLock({ state in state.followed.budgets }) { budgets[budget.subject] = budget }
        for subject in Set(answer.entries.map(\.subject)) where budgets[subject] == nil {
            budgets[subject] = self.book.budget(subject)
        }
        return budgets
    }

    /// Goes on without an exchange; after a while each gateway by itself.
    private func missed(_ error: ShareError) -> Duration {
        let now = self.clock()
        self.metrics.failed(self.store.name)
        let patience = Int64(ShareRhythm.patience(self.store.interval) / .nanoseconds(1))
        let alone = self.state.withLock { state -> (Int, [Budget], ShareStatus?)? in
            guard now.subtractingReportingOverflow(state.lastSuccess).partialValue >= patience else { return nil }
            let change = Self.change(
                &state,
                ShareStatus(
                    shares: .local,
                    preferred: state.status.preferred,
                    gateways: state.gateways,
                    failure: error.description
                )
            )
            return (state.gateways, state.followed.budgets, change)
        }
        guard let (gateways, budgets, change) = alone else { return self.store.interval }
        // Each time, because budgets that are asked for the first time join.
        for budget in budgets { budget.withState { state in state.stand(alone: gateways, now: now) } }
        self.tell(change)
        return max(self.store.interval, ShareRhythm.postgres)
    }

    /// Puts a status in force; gives the one before when people must hear of it.
    private static func change(_ state: inout State, _ status: ShareStatus) -> ShareStatus? {
        let before = state.status
        state.status = status
        state.gateways = status.gateways
        return before.shares == status.shares && before.gateways == status.gateways
            && before.isDegraded == status.isDegraded ? nil : before
    }

    /// Says what changed: to metrics, to budgets that begin, and once in the log.
    private func tell(_ before: ShareStatus?) {
        guard let before else { return }
        let status = self.status
        self.metrics.share(through: status.shares.rawValue)
        if before.gateways != status.gateways {
            self.metrics.gateways.set(status.gateways)
            self.gatewaysChanged(status.gateways)
        }
        guard before.shares != status.shares || before.isDegraded != status.isDegraded else { return }
        var metadata: Logger.Metadata = .keys([.outcome: "\(status.shares)", .count: "\(status.gateways)"])
        if let failure = status.failure { metadata[LogKey.error.rawValue] = "\(failure)" }
        switch (status.isDegraded, status.shares) {
        case (true, .local): self.logger.warning("each gateway keeps its part of the limits", metadata: metadata)
        case (true, _): self.logger.warning("limits are shared the second-best way", metadata: metadata)
        case (false, _) where before.isDegraded: self.logger.notice("limits are shared again", metadata: metadata)
        case (false, _): self.logger.info("limits are shared", metadata: metadata)
        }
    }

    private func prune(now: Int64) {
        let subjects = self.state.withLock { state -> [UniqueID]? in
            guard now.subtractingReportingOverflow(state.lastPrune).partialValue >= Self.pruneNanoseconds else {
                return nil
            }
            state.lastPrune = now
            return state.ledger.subjects
        }
        guard let subjects else { return }
        // Asked outside of the lock, because the book has one of its own.
        let known = Set(subjects.filter { self.book.budget($0) != nil })
        self.state.withLock { state in state.ledger.prune(now: now) { known.contains($0) } }
    }

    /// Tells the last counts, and leaves this gateway its part of what it still has to finish.
    private func leave() async {
        let now = self.clock()
        let asked = self.book.drainAsked()
        let (reports, budgets, gateways) = self.state.withLock { state in
            state.followed.note(asked, now: now)
            return (state.followed.reports(now: now) { _ in false }, state.followed.budgets, state.gateways)
        }
        for budget in budgets { budget.withState { state in state.stand(alone: gateways, now: now) } }
        do throws(ShareError) {
            try await self.store.leave(reports)
        } catch {
            // Others notice by themselves within seconds.
            self.logger.warning("other gateways were not told of the end", metadata: .keys([.error: "\(error)"]))
        }
    }
}
