package import PosternModel

/// How a consumer is doing, at one moment.
package struct ConsumerStatus: Sendable, Equatable {
    /// Who it is in `consumers` and `lanes`.
    package let consumer: ConsumerID
    package let startedAt: Timestamp
    /// Whether the last call to the database was answered; false until the first.
    package var isDatabaseReachable = false
    /// Lanes it holds.
    package var lanes = 0
    /// Lanes there are; 0 until the database was seen.
    package var lanesInAll = 0
    /// Consumers alive, this one included.
    package var consumers = 0
    /// When it last found the log read to its end, or committed a batch.
    package var lastProgressAt: Timestamp?
    /// How long the oldest delivery of the latest looks had waited; nothing when they found none.
    package var backlogAge: Duration = .zero
    /// The last failure, for people.
    package var lastError: String?
    package var lastErrorAt: Timestamp?
    /// Whether it is on its way out.
    package var isStopping = false
    package var counts = ConsumerCounts()

    /// Starts with nothing known.
    package init(consumer: ConsumerID, startedAt: Timestamp) {
        self.consumer = consumer
        self.startedAt = startedAt
    }

    /// Whether work is being done: the database answers, and the log was looked at within `limit`.
    ///
    /// A consumer that holds no lanes because others hold them all is well, too.
    package func isWell(at now: Timestamp, within limit: Duration = .seconds(30)) -> Bool {
        guard self.isDatabaseReachable, !self.isStopping else { return false }
        if self.lanes == 0 { return self.lanesInAll > 0 }
        guard let progress = self.lastProgressAt else { return false }
        return now <= progress.advanced(by: limit)
    }
}
