package import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import Synchronization

/// Where the tasks of a consumer write how they are doing, and others read it. Any thread.
package final class StatusBoard: Sendable {
    private struct State {
        var status: ConsumerStatus
        /// By worker.
        var ages: [Int: Duration] = [:]
    }

    private let state: Mutex<State>

    /// Starts with nothing known.
    package init(consumer: ConsumerID, startedAt: Timestamp) {
        self.state = Mutex(State(status: ConsumerStatus(consumer: consumer, startedAt: startedAt)))
    }

    /// How the consumer is doing now.
    package var status: ConsumerStatus {
        self.state.withLock { state in
            var status = state.status
            status.backlogAge = state.ages.values.max() ?? .zero
            return status
        }
    }

    /// Notes who shares the lanes.
    func surveyed(_ survey: LaneSurvey) {
        self.state.withLock { state in
            state.status.isDatabaseReachable = true
            state.status.lanesInAll = survey.lanes
            state.status.consumers = survey.consumers
        }
    }

    /// Notes how many lanes are held.
    func holds(_ lanes: Int) { self.state.withLock { $0.status.lanes = lanes } }

    /// Notes a look at the log.
    ///
    /// - Parameter age: how long the oldest delivery found had waited; zero when there was none.
    func looked(worker: Int, at now: Timestamp, age: Duration) {
        self.state.withLock { state in
            state.status.isDatabaseReachable = true
            state.status.lastProgressAt = now
            state.ages[worker] = age
        }
    }

    /// Notes that a worker has no lanes, so that nothing waits for it.
    func idle(worker: Int) { self.state.withLock { $0.ages[worker] = nil } }

    /// Notes a committed batch.
    func stored(_ batch: ConsumerTally, _ receipt: BatchReceipt, at now: Timestamp) {
        let counted = batch.counts
        self.state.withLock { state in
            state.status.isDatabaseReachable = true
            state.status.lastProgressAt = now
            state.status.counts.batches += 1
            state.status.counts.events += Int64(receipt.stored)
            state.status.counts.duplicates += Int64(receipt.duplicates)
            for (subject, count) in counted { state.status.counts.add(count, to: subject.outcome) }
        }
    }

    /// Notes a batch that was given up.
    func refused() { self.state.withLock { $0.status.counts.refusedBatches += 1 } }

    /// Notes a failure, and gives whether the database was thought reachable before.
    @discardableResult
    func failed(_ error: PostgresError, at now: Timestamp) -> Bool {
        self.failed("\(error)", isAway: error.meansAway, at: now)
    }

    /// Notes a failure.
    @discardableResult
    func failed(_ text: String, isAway: Bool, at now: Timestamp) -> Bool {
        self.state.withLock { state in
            let before = state.status.isDatabaseReachable
            if isAway { state.status.isDatabaseReachable = false }
            state.status.lastError = text
            state.status.lastErrorAt = now
            return before
        }
    }

    /// Notes that the consumer is on its way out.
    func stopping() { self.state.withLock { $0.status.isStopping = true } }
}

extension ConsumerCounts {
    /// Adds a count of a batch; events are counted from receipts.
    mutating func add(_ count: Int64, to outcome: TrafficOutcome) {
        switch outcome {
        case .normalized: self.normalized += count
        case .unrecognized: self.unrecognized += count
        case .retried: self.retried += count
        case .recovered: self.recovered += count
        case .deadLettered: self.deadLettered += count
        case .accepted, .handshake, .rejected, .duplicate, .event: break
        }
    }
}

extension PostgresError {
    /// Whether the database cannot be worked with at the moment, whatever is asked.
    var meansAway: Bool {
        switch self {
        case .unreachable, .deadline: true
        case .retry, .conflict, .refused: false
        }
    }
}
