package import PosternModel
internal import PosternPostgres
internal import PosternStore
package import PosternTelemetry
internal import Synchronization

/// Where the tasks of a consumer write how they are doing, and others read it; metrics are fed from here.
///
/// Any thread.
package final class StatusBoard: Sendable {
    private struct State {
        var status: ConsumerStatus
        /// By worker.
        var ages: [Int: Duration] = [:]
    }

    private let state: Mutex<State>
    private let metrics: ConsumerMetrics?

    /// Starts with nothing known.
    package init(consumer: ConsumerID, startedAt: Timestamp, metrics: ConsumerMetrics?) {
        self.metrics = metrics
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
    func holds(_ lanes: Int) {
        self.state.withLock { $0.status.lanes = lanes }
        self.metrics?.lanesOwned.set(lanes)
    }

    /// Notes lanes that somebody else has taken.
    func lost(_ lanes: Int) { self.metrics?.leasesLost.increment(by: lanes) }

    /// Notes how many deliveries of the lanes held wait in the retry queue.
    func waiting(_ retries: Int) { self.metrics?.retriesWaiting.set(retries) }

    /// Notes a look at the log; `age` is how long the oldest delivery found had waited, `nil` when there was none.
    ///
    /// To have found something is no progress yet: that comes with the commit.
    func looked(worker: Int, at now: Timestamp, age: Duration?) {
        let oldest = self.state.withLock { state in
            state.status.isDatabaseReachable = true
            if age == nil { state.status.lastProgressAt = now }
            state.ages[worker] = age ?? .zero
            return state.ages.values.max() ?? .zero
        }
        self.metrics?.oldestUnreadSeconds.set(oldest / .seconds(1))
    }

    /// Notes that a worker has no lanes, so that nothing waits for it.
    func idle(worker: Int) { self.state.withLock { $0.ages[worker] = nil } }

    /// Notes a committed batch.
    func stored(_ batch: WriteBatch, _ receipt: BatchReceipt, took duration: Duration) {
        let now = Timestamp.now()
        self.state.withLock { state in
            state.status.isDatabaseReachable = true
            state.status.lastProgressAt = now
            state.status.counts.batches += 1
            for (subject, count) in receipt.counted.counts { state.status.counts.add(count, to: subject.outcome) }
        }
        guard let metrics = self.metrics else { return }
        let rows = batch.moves.reduce(0) { $0 + Int($1.deliveries) } + batch.settlements.count
        metrics.observeBatch(rows: rows, duration: duration)
        for (subject, count) in receipt.counted.counts { metrics.add(Int(count), to: subject) }
        for letter in batch.deadLetters { metrics[letter.failed.content.platformName].bury(letter.failed.reason) }
    }

    /// Notes a batch that was given up.
    ///
    /// - Parameter lanes: how many lanes were found lost with it.
    func refused(lost lanes: Int) {
        self.state.withLock { $0.status.counts.refusedBatches += 1 }
        self.metrics?.refusedBatches.increment()
        self.metrics?.leasesLost.increment(by: lanes)
    }

    /// Notes a failure, and gives whether the database was thought reachable before.
    @discardableResult
    func failed(_ error: PostgresError, at now: Timestamp) -> Bool {
        self.failed("\(error)", isAway: error.meansAway, at: now)
    }

    /// Notes a failure.
    @discardableResult
    func failed(_ text: String, isAway: Bool, at now: Timestamp) -> Bool {
        self.metrics?.databaseFailures.increment()
        return self.state.withLock { state in
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

extension PostgresError {
    /// Whether the database cannot be worked with at the moment, whatever is asked.
    var meansAway: Bool {
        switch self {
        case .unreachable, .deadline: true
        case .retry, .conflict, .refused: false
        }
    }
}
