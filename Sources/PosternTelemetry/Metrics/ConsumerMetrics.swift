package import Metrics
package import PosternModel

/// Everything a consumer measures.
package struct ConsumerMetrics: Sendable {
    /// Times a delivery was put, or put back, in the retry queue.
    package let retriesScheduled: CountMetric
    /// Retries that worked.
    package let retriesRecovered: CountMetric
    /// Deliveries in the retry queue.
    package let retriesWaiting: LevelMetric
    /// Time from a delivery's receipt to the commit of its events.
    package let lagSeconds: DurationMetric
    /// Age of the oldest delivery not yet read in the lanes owned, in seconds.
    package let oldestUnreadSeconds: LevelMetric
    /// Lanes this consumer holds the lease of.
    package let lanesOwned: LevelMetric
    /// Leases that another consumer took before they were given back.
    package let leasesLost: CountMetric
    /// Batches that were committed.
    package let batches: CountMetric
    /// Batches given up because a lease was lost or a row was not where it had been found.
    package let refusedBatches: CountMetric
    /// Time of one batch from reading to the confirmed commit.
    package let batchSeconds: DurationMetric
    /// Deliveries worked off together in one batch.
    package let batchRows: AmountMetric
    /// Times a step failed for the database.
    package let databaseFailures: CountMetric
    /// What is measured of deliveries to destinations.
    package let delivery: DeliveryMetrics
    /// The instruments of deliveries whose platform is not in the catalog.
    package let unknownPlatform: ConsumerPlatformMetrics
    private let platforms: [PlatformName: ConsumerPlatformMetrics]

    /// Makes all instruments.
    ///
    /// - Parameters:
    ///   - factory: Where they are kept.
    ///   - platforms: The catalog's platforms.
    package init(factory: any MetricsFactory, platforms: [PlatformName]) {
        self.retriesScheduled = MetricDescription.consumerRetriesScheduled.makeCounter(factory)
        self.retriesRecovered = MetricDescription.consumerRetriesRecovered.makeCounter(factory)
        self.retriesWaiting = MetricDescription.consumerRetriesWaiting.makeGauge(factory)
        self.lagSeconds = MetricDescription.consumerLagSeconds.makeTimer(factory)
        self.oldestUnreadSeconds = MetricDescription.consumerOldestSeconds.makeGauge(factory)
        self.lanesOwned = MetricDescription.consumerLanesOwned.makeGauge(factory)
        self.leasesLost = MetricDescription.consumerLeasesLost.makeCounter(factory)
        self.batches = MetricDescription.consumerBatches.makeCounter(factory, ("outcome", "committed"))
        self.refusedBatches = MetricDescription.consumerBatches.makeCounter(factory, ("outcome", "refused"))
        self.batchSeconds = MetricDescription.consumerBatchSeconds.makeTimer(factory)
        self.batchRows = MetricDescription.consumerBatchRows.makeRecorder(factory)
        self.databaseFailures = MetricDescription.consumerDatabaseFailures.makeCounter(factory)
        self.delivery = DeliveryMetrics(factory)
        self.unknownPlatform = ConsumerPlatformMetrics(factory, platform: nil)
        self.platforms = Dictionary(
            platforms.map { ($0, ConsumerPlatformMetrics(factory, platform: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The instruments of a platform.
    package subscript(_ platform: PlatformName?) -> ConsumerPlatformMetrics {
        platform.flatMap { self.platforms[$0] } ?? self.unknownPlatform
    }

    /// Counts a committed batch.
    package func observeBatch(rows: Int, duration: Duration) {
        self.batches.increment()
        self.batchSeconds.observe(duration)
        self.batchRows.observe(rows)
    }
}
