internal import PosternLimits

/// How a consumer works.
package struct ConsumerConfiguration: Sendable {
    /// How long a lane stays with a consumer that is not heard of; the time others wait after a `kill -9`.
    package var lease: Duration = .seconds(10)
    /// How many loops share the lanes: while one waits for a commit, another normalizes.
    package var workers: Int = 2
    /// The most deliveries of one batch.
    package var batchRows: Int = 1024
    /// The most deliveries of one cursor in one batch.
    package var batchRowsPerCursor: Int = 512
    /// The most bytes of bodies above 16 KiB that one worker reads at a time, and of retries.
    ///
    /// One more delivery is read at most. Smaller bodies are bounded by ``batchRows``.
    package var batchBytes: Int = 16 << 20
    /// The wait between looks while deliveries come.
    package var busyPoll: Duration = .milliseconds(2)
    /// The longest wait between looks while none come.
    package var idlePoll: Duration = .milliseconds(500)
    /// How often the retry queue is looked at.
    package var retryPoll: Duration = .seconds(1)
    /// The waits before the first, second, third … retry of a delivery that failed for a passing reason.
    package var retryDelays: [Duration] = [.seconds(60), .seconds(300), .seconds(900), .seconds(3600), .seconds(7200)]
    /// How far such a wait may lie from its nominal value, in percent, either way; 0 to 100.
    package var retryJitterPercent: Int = 10
    /// The longest time one statement or transaction may take.
    package var databaseLimit: Duration = .seconds(10)
    /// How long counts are gathered before they are written to `traffic_minutes`; a `kill -9` loses that much of them.
    package var countsFlush: Duration = .seconds(1)
    /// How long what is known of an endpoint is used before it is asked for again.
    package var endpointLifetime: Duration = .seconds(5)
    /// How long an event key is remembered.
    package var deduplicationWindow: Duration = .seconds(72 * 3600)
    /// Days that each table's rows are kept.
    package var retention = RetentionDays()
    /// How many days beyond today have partitions; 1 to 60.
    package var partitionDaysAhead: Int32 = 7
    /// How often expired keys, dead writers and drained cursors are looked for.
    package var tidying: Duration = .seconds(10)
    /// How often partitions are made and dropped.
    package var partitioning: Duration = .seconds(3600)
    /// How events are delivered.
    package var delivery = DeliveryConfiguration()

    /// Takes the defaults.
    package init() {}

    /// When failed deliveries are tried again, and how often.
    var retries: RetrySchedule { RetrySchedule(delays: self.retryDelays, jitterPercent: self.retryJitterPercent) }

    /// How long before the end of its lease a lane is no longer worked: a fifth of the lease.
    package var leaseMargin: Duration { self.lease / 5 }

    /// How often the lease keeper looks at who lives and which lanes are free: a twentieth of the lease, 20 to 500 ms.
    package var leasePoll: Duration { min(max(self.lease / 20, .milliseconds(20)), .milliseconds(500)) }

    /// How many database connections a consumer holds: one for each worker, the lease keeper and the janitor; for the
    /// delivery one that settles and reads, and one that hears of changed destinations.
    package var databaseConnections: Int { self.workers + 4 }
}
