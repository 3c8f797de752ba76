internal import Metrics
internal import PosternModel

/// The gateway's instruments of one platform: made beforehand, so that counting a request looks nothing up.
package struct GatewayPlatformMetrics: Sendable {
    /// Deliveries that were committed and answered with success.
    package let accepted: CountMetric
    /// Requests refused for a fault of the sender.
    package let rejected: CountMetric
    /// Requests answered 503: a fault of ours.
    package let failed: CountMetric
    /// Bytes of bodies of accepted deliveries.
    package let payloadBytes: CountMetric
    /// Handshakes that were answered.
    package let handshakesAnswered: CountMetric
    /// Handshakes that were refused.
    package let handshakesRefused: CountMetric
    /// Requests that were not accepted, by reason code.
    package let rejections: BoundedCounters

    /// Makes the instruments; without a platform, those of requests that reached none.
    init(_ factory: any MetricsFactory, platform: PlatformName?) {
        let label = ("platform", platform?.text ?? "none")
        self.accepted = MetricDescription.gatewayDeliveries.makeCounter(factory, label, ("outcome", "accepted"))
        self.rejected = MetricDescription.gatewayDeliveries.makeCounter(factory, label, ("outcome", "rejected"))
        self.failed = MetricDescription.gatewayDeliveries.makeCounter(factory, label, ("outcome", "failed"))
        self.payloadBytes = MetricDescription.gatewayPayloadBytes.makeCounter(factory, label)
        self.handshakesAnswered = MetricDescription.gatewayHandshakes.makeCounter(
            factory,
            label,
            ("outcome", "answered")
        )
        self.handshakesRefused = MetricDescription.gatewayHandshakes.makeCounter(factory, label, ("outcome", "refused"))
        self.rejections = BoundedCounters(
            .gatewayRejections,
            factory,
            fixed: label,
            label: "reason",
            known: GatewayMetrics.rejectionReasons
        )
    }

    /// Counts a request that was not accepted.
    ///
    /// - Parameter reason: The code of the gateway's answer catalogue.
    package func reject(_ reason: String) {
        self.rejections[reason].increment()
        if GatewayMetrics.faults.contains(reason) { self.failed.increment() } else { self.rejected.increment() }
    }
}
