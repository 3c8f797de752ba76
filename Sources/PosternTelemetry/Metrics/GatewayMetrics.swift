package import Metrics
package import PosternModel

/// Everything the gateway measures about deliveries; connections and requests as such are ``HTTPMetrics``.
package struct GatewayMetrics: Sendable {
    /// Time of one batch from its first statement to the confirmed commit.
    package let commitSeconds: DurationMetric
    /// Deliveries committed together in one batch.
    package let commitRows: AmountMetric
    /// Batches whose commit was not confirmed.
    package let commitFailures: CountMetric
    /// Times a writer lost its session or could not open one.
    package let writerFailures: CountMetric
    /// Writers that hold a session; each raises and lowers it.
    package let writersReady: LevelMetric
    /// Verified deliveries that wait for a writer.
    package let queueRows: LevelMetric
    /// Bytes of verified deliveries that wait for a writer.
    package let queueBytes: LevelMetric
    /// Bytes of bodies that are being received or wait for their commit.
    package let heldBytes: LevelMetric
    /// Requests kept in quarantine.
    package let quarantined: CountMetric
    /// Requests that were to be kept in quarantine and did not fit.
    package let quarantineFull: CountMetric
    private let limitRefusals: BoundedCounters
    private let limitShadows: BoundedCounters
    /// Endpoints in the directory.
    package let endpoints: LevelMetric
    /// Refreshes of the directory that worked.
    package let directoryRefreshes: CountMetric
    /// Refreshes of the directory that did not work.
    package let directoryFailures: CountMetric
    /// The instruments of requests that reached no known platform.
    package let unrouted: GatewayPlatformMetrics
    private let platforms: [PlatformName: GatewayPlatformMetrics]

    /// Reason codes that mean a fault of ours, answered 503.
    package static let faults: Set<String> = ["endpoint_unusable", "database_unavailable", "overloaded", "stopping"]

    /// The reason codes whose counters are there from the start.
    package static let rejectionReasons =
        [
            "unknown_endpoint", "endpoint_disabled", "method_not_allowed", "body_too_large", "missing_signature",
            "malformed_signature", "signature_mismatch", "stale_timestamp", "bad_token", "handshake_refused",
            "address_not_allowed", "address_limited", "unverified_limited", "global_limited", "endpoint_limited",
            "organization_limited",
        ] + Self.faults.sorted()

    /// The limits a request may meet.
    package static let limitTiers = ["address", "unverified", "global", "endpoint", "organization"]

    /// Makes all instruments.
    ///
    /// - Parameters:
    ///   - factory: Where they are kept.
    ///   - platforms: The catalog's platforms.
    package init(factory: any MetricsFactory, platforms: [PlatformName]) {
        self.commitSeconds = MetricDescription.gatewayCommitSeconds.makeTimer(factory)
        self.commitRows = MetricDescription.gatewayCommitRows.makeRecorder(factory)
        self.commitFailures = MetricDescription.gatewayCommitFailures.makeCounter(factory)
        self.writerFailures = MetricDescription.gatewayWriterFailures.makeCounter(factory)
        self.writersReady = MetricDescription.gatewayWritersReady.makeGauge(factory)
        self.queueRows = MetricDescription.gatewayQueueRows.makeGauge(factory)
        self.queueBytes = MetricDescription.gatewayQueueBytes.makeGauge(factory)
        self.heldBytes = MetricDescription.gatewayHeldBytes.makeGauge(factory)
        self.quarantined = MetricDescription.gatewayQuarantined.makeCounter(factory, ("outcome", "kept"))
        self.quarantineFull = MetricDescription.gatewayQuarantined.makeCounter(factory, ("outcome", "full"))
        self.limitRefusals = BoundedCounters(
            .gatewayLimited,
            factory,
            fixed: ("outcome", "refused"),
            label: "tier",
            known: Self.limitTiers
        )
        self.limitShadows = BoundedCounters(
            .gatewayLimited,
            factory,
            fixed: ("outcome", "shadowed"),
            label: "tier",
            known: Self.limitTiers
        )
        self.endpoints = MetricDescription.gatewayEndpoints.makeGauge(factory)
        self.directoryRefreshes = MetricDescription.gatewayDirectoryRefreshes.makeCounter(factory, ("outcome", "done"))
        self.directoryFailures = MetricDescription.gatewayDirectoryRefreshes.makeCounter(factory, ("outcome", "failed"))
        self.unrouted = GatewayPlatformMetrics(factory, platform: nil)
        self.platforms = Dictionary(
            platforms.map { ($0, GatewayPlatformMetrics(factory, platform: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The instruments of a platform; keep them where the platform is kept, instead of asking for each request.
    package subscript(_ platform: PlatformName?) -> GatewayPlatformMetrics {
        platform.flatMap { self.platforms[$0] } ?? self.unrouted
    }

    /// Counts a committed batch.
    package func observeCommit(rows: Int, duration: Duration) {
        self.commitSeconds.observe(duration)
        self.commitRows.observe(rows)
    }

    /// Counts a request over a limit.
    ///
    /// - Parameters:
    ///   - tier: One of ``limitTiers``.
    ///   - isShadow: Whether the limit only counts, so that the request was let through.
    package func limited(_ tier: String, isShadow: Bool) {
        (isShadow ? self.limitShadows : self.limitRefusals)[tier].increment()
    }

    /// Counts a request that was not accepted.
    ///
    /// - Parameters:
    ///   - reason: The code of the gateway's answer catalogue.
    ///   - platform: `nil` when the request reached none.
    package func rejected(_ reason: String, platform: PlatformName?) {
        self[platform].reject(reason)
    }
}
