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
        let (consumer, host, lease) = (self.consumer, self.host, self.configuration.lease)
        let survey = try await self.database.run(within: limit) { connection throws(PostgresError) in
            try ConsumerRegistry.appear(consumer, host: host, lease: lease, &connection, within: limit)
        }
        self.status.surveyed(survey)
        let share =
            self.stop.isRaised ? 0 : LeaseTable.fairShare(lanes: survey.lanes, consumers: survey.consumers)
        self.board.withTable { $0.shed(to: share) }
        try await self.giveBack(within: limit)
        if self.board.withTable({ $0.renewalIsDue(at: .now) }) { try await self.renew(within: limit) }
        try await self.claim(survey, share: share, within: limit)
        self.status.holds(self.board.withTable { $0.count })
    }

    private func giveBack(within limit: Duration) async throws(PostgresError) {
        let leaving = self.board.withTable { $0.takeReleasable() }
        guard !leaving.isEmpty else { return }
        let consumer = self.consumer
        try await self.database.run(within: limit) { connection throws(PostgresError) in
            try LaneLeases.release(leaving, of: consumer, &connection, within: limit)
        }
    }

    private func renew(within limit: Duration) async throws(PostgresError) {
        let held = self.board.withTable { $0.lanes }
        guard !held.isEmpty else { return }
        let asked = ContinuousClock.now
        let (consumer, lease) = (self.consumer, self.configuration.lease)
        let renewed = try await self.database.run(within: limit) { connection throws(PostgresError) in
            do throws(PostgresError) {
                return try LaneLeases.renew(held, of: consumer, lease: lease, &connection, within: limit)
            } catch .retry {
                // One lane's row is locked by somebody who is stuck; the others are renewed one by one.
                var renewed: Set<LeasedLane> = []
                for each in held {
                    do throws(PostgresError) {
                        renewed.formUnion(
                            try LaneLeases.renew([each], of: consumer, lease: lease, &connection, within: limit)
                        )
                    } catch .retry { continue }
                }
                return renewed
            }
        }
        let lost = self.board.withTable { $0.renewed(renewed, of: held, asked: asked) }
        if !lost.isEmpty {
            self.status.lost(lost.count)
            self.logger.warning("lanes lost", metadata: ["lanes": "\(lost.map(\.number))"])
        }
    }

    private func claim(_ survey: LaneSurvey, share: Int, within limit: Duration) async throws(PostgresError) {
        let (wanted, strays) = self.board.withTable { table in
            (share - table.staying, survey.own.filter { !table.holds($0) })
        }
        guard wanted > 0 else { return }
        // What the database says is ours and we do not know of comes first; then, at random, so that consumers that
        // start together do not all want the same lanes.
        let lanes = (strays + survey.free.shuffled()).prefix(wanted)
        let (consumer, lease) = (self.consumer, self.configuration.lease)
        var claimed: [Lane] = []
        for lane in lanes where !self.stop.isRaised {
            let asked = ContinuousClock.now
            let granted: LeasedLane?
            do throws(PostgresError) {
                granted = try await self.database.run(within: limit) { connection throws(PostgresError) in
                    try LaneLeases.claim(lane, for: consumer, lease: lease, &connection, within: limit)
                }
            } catch .retry {
                // The row is locked by its last owner's unfinished batch; it comes free with that session's end.
                continue
            }
            guard let granted else { continue }
            self.board.withTable { $0.claimed(granted, asked: asked) }
            claimed.append(lane)
        }
        if !claimed.isEmpty {
            self.logger.info(
                "lanes claimed",
                metadata: ["lanes": "\(claimed.map(\.number).sorted())", "consumers": "\(survey.consumers)"]
            )
        }
    }

    /// Forgets leases that ended because they could not be renewed.
    private func drop() {
        let ended = self.board.withTable { $0.expire(at: .now) }
        guard !ended.isEmpty else { return }
        self.status.holds(self.board.withTable { $0.count })
        self.logger.warning("leases ended unrenewed", metadata: ["lanes": "\(ended.map(\.number))"])
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
            self.logger.warning("leases not kept", metadata: ["error": "\(error)"])
        }
    }
}
