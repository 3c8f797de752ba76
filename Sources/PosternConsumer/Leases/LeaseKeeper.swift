internal import Logging
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Claims, renews and gives back lanes, so that the consumers alive share them evenly.
///
/// One task runs it, from before the first worker starts until after the last has ended.
struct LeaseKeeper {
    let consumer: ConsumerID
    let host: String
    let configuration: ConsumerConfiguration
    let board: LeaseBoard
    let database: Database
    let status: StatusBoard
    /// Raised when the consumer is to finish: no more lanes are claimed, and those at hand given back one by one.
    let stop: StopSignal
    /// Raised when the last worker has ended.
    let end: StopSignal
    let logger: Logger

    /// Keeps the leases until `end` is raised, then gives back what is left and leaves the registry.
    ///
    /// When the task is canceled, nothing is given back: that is what a crash looks like from outside.
    func run() async {
        var backoff = Backoff(first: self.configuration.leasePoll, ceiling: self.configuration.lease / 4)
        while !Task.isCancelled, !self.end.isRaised {
            var wait = self.configuration.leasePoll
            do throws(PostgresError) {
                try await self.tick()
                backoff.reset()
            } catch {
                self.note(error)
                wait = backoff.next()
            }
            self.drop()
            let isGivingBack = self.board.withTable { $0.hasLeaving }
            await self.end.sleep(for: isGivingBack ? min(wait, .milliseconds(20)) : wait)
        }
        guard !Task.isCancelled else { return }
        do throws(PostgresError) {
            try await self.leave()
        } catch {
            // The leases end by themselves; the others only wait longer.
            self.logger.warning("lanes not given back", metadata: ["error": "\(error)"])
        }
    }

    private func tick() async throws(PostgresError) {
        let limit = self.configuration.lease / 3
        let survey = try await self.survey(within: limit)
        // What the database says is ours and we do not know of: a grant that was lost on the way, or a lease that ended
        // by our clock before its renewal came through.
        let strays = self.board.withTable { table in survey.own.filter { !table.holds($0.lane) } }
        let share =
            self.stop.isRaised ? 0 : LeaseTable.fairShare(lanes: survey.lanes, consumers: survey.consumers)
        self.board.withTable { $0.shed(to: share) }
        try await self.giveBack(within: limit)
        let wanted = self.board.withTable { share - $0.staying }
        let (welcome, surplus) = (strays.prefix(max(0, wanted)), strays.dropFirst(max(0, wanted)))
        // Our renewals would keep them from everybody.
        try await self.release(Array(surplus), within: limit)
        // At random, so that consumers that start together do not all want the same lanes.
        let free = survey.free.shuffled().prefix(max(0, wanted - welcome.count))
        try await self.claim(welcome.map(\.lane) + free, consumers: survey.consumers, within: limit)
        self.status.holds(self.board.withTable { $0.count })
    }

    /// Looks at who shares the lanes and, when it is time, renews our lease.
    private func survey(within limit: Duration) async throws(PostgresError) -> LaneSurvey {
        let (consumer, host, lease) = (self.consumer, self.host, self.configuration.lease)
        let held = self.board.withTable { $0.lanes }
        let asked = ContinuousClock.now
        let isDue = self.board.withTable { $0.renewalIsDue(at: asked) }
        let survey = try await self.database.run(within: limit) { connection throws(PostgresError) in
            isDue
                ? try ConsumerRegistry.renew(consumer, host: host, lease: lease, &connection, within: limit)
                : try ConsumerRegistry.survey(consumer, &connection, within: limit)
        }
        self.status.surveyed(survey)
        guard isDue else { return survey }
        let lost = self.board.withTable { $0.renewed(own: Set(survey.own), of: held, asked: asked) }
        if !lost.isEmpty {
            self.status.lost(lost.count)
            self.logger.warning("lanes lost", metadata: ["lanes": "\(lost.map(\.number))"])
        }
        return survey
    }

    private func giveBack(within limit: Duration) async throws(PostgresError) {
        try await self.release(self.board.withTable { $0.takeReleasable() }, within: limit)
    }

    private func release(_ lanes: [LeasedLane], within limit: Duration) async throws(PostgresError) {
        guard !lanes.isEmpty else { return }
        let consumer = self.consumer
        try await self.database.run(within: limit) { connection throws(PostgresError) in
            try LaneLeases.release(lanes, of: consumer, &connection, within: limit)
        }
    }

    private func claim(_ lanes: [Lane], consumers: Int, within limit: Duration) async throws(PostgresError) {
        let consumer = self.consumer
        var claimed: [Lane] = []
        for lane in lanes where !self.stop.isRaised {
            let granted: LeasedLane?
            do throws(PostgresError) {
                granted = try await self.database.run(within: limit) { connection throws(PostgresError) in
                    try LaneLeases.claim(lane, for: consumer, &connection, within: limit)
                }
            } catch .retry {
                // The row is locked by its last owner's unfinished batch; it comes free with that session's end.
                continue
            }
            guard let granted else { continue }
            self.board.withTable { $0.claimed(granted) }
            claimed.append(lane)
        }
        if !claimed.isEmpty {
            self.logger.info(
                "lanes claimed",
                metadata: ["lanes": "\(claimed.map(\.number).sorted())", "consumers": "\(consumers)"]
            )
        }
    }

    /// Forgets the lanes when the lease ended because it could not be renewed.
    private func drop() {
        let ended = self.board.withTable { $0.expire(at: .now) }
        guard !ended.isEmpty else { return }
        self.status.holds(self.board.withTable { $0.count })
        self.logger.warning("lease ended unrenewed", metadata: ["lanes": "\(ended.map(\.number))"])
    }

    private func leave() async throws(PostgresError) {
        self.board.withTable { $0.shed(to: 0) }
        let limit = self.configuration.lease / 2
        try await self.giveBack(within: limit)
        let consumer = self.consumer
        try await self.database.run(within: limit) { connection throws(PostgresError) in
            try ConsumerRegistry.leave(consumer, &connection, within: limit)
        }
        self.status.holds(0)
    }

    private func note(_ error: PostgresError) {
        let wasReachable = self.status.failed(error, at: .now())
        if wasReachable || !error.meansAway {
            self.logger.warning("lease not kept", metadata: ["error": "\(error)"])
        }
    }
}
