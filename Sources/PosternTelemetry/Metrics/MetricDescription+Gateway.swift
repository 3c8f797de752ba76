extension MetricDescription {
    static let gatewayDeliveries = Self.counter(
        "postern_gateway_deliveries_total",
        "Requests to endpoints: accepted (committed), rejected (the sender's fault) or failed (ours)."
    )
    static let gatewayRejections = Self.counter(
        "postern_gateway_rejections_total",
        "Requests that were not accepted, by reason code."
    )
    static let gatewayHandshakes = Self.counter(
        "postern_gateway_handshakes_total",
        "Handshakes of platforms, answered or refused."
    )
    static let gatewayPayloadBytes = Self.counter(
        "postern_gateway_payload_bytes_total",
        "Bytes of bodies of accepted deliveries."
    )
    static let gatewayCommitSeconds = Self.histogram(
        "postern_gateway_commit_seconds",
        "Time of one batch from its first statement to the confirmed commit.",
        .latency
    )
    static let gatewayCommitRows = Self.histogram(
        "postern_gateway_commit_rows",
        "Deliveries committed together in one batch.",
        .rows
    )
    static let gatewayCommitFailures = Self.counter(
        "postern_gateway_commit_failures_total",
        "Batches whose commit was not confirmed."
    )
    static let gatewayWriterFailures = Self.counter(
        "postern_gateway_writer_failures_total",
        "Times a writer lost its session with PostgreSQL or could not open one."
    )
    static let gatewayWritersReady = Self.gauge(
        "postern_gateway_writers_ready",
        "Writers that hold a session with PostgreSQL."
    )
    static let gatewayQueueRows = Self.gauge(
        "postern_gateway_queue_rows",
        "Verified deliveries that wait for a writer."
    )
    static let gatewayQueueBytes = Self.gauge(
        "postern_gateway_queue_bytes",
        "Bytes of verified deliveries that wait for a writer."
    )
    static let gatewayHeldBytes = Self.gauge(
        "postern_gateway_held_bytes",
        "Bytes of bodies that are being received or wait for their commit."
    )
    static let gatewayQuarantined = Self.counter(
        "postern_gateway_quarantined_requests_total",
        "Requests refused for their signature whose bytes were to be kept: kept, or full when they did not fit."
    )
    static let gatewayLimited = Self.counter(
        "postern_gateway_limited_requests_total",
        "Requests over a limit, by tier: refused, or shadowed where the limit only counts."
    )
    static let gatewayEndpoints = Self.gauge(
        "postern_gateway_endpoints",
        "Endpoints in the directory."
    )
    static let gatewayDirectoryRefreshes = Self.counter(
        "postern_gateway_directory_refreshes_total",
        "Refreshes of the directory of endpoints by outcome."
    )

    /// Everything ``GatewayMetrics`` measures.
    package static let gateway: [MetricDescription] = [
        gatewayDeliveries, gatewayRejections, gatewayHandshakes, gatewayPayloadBytes, gatewayCommitSeconds,
        gatewayCommitRows, gatewayCommitFailures, gatewayWriterFailures, gatewayWritersReady, gatewayQueueRows,
        gatewayQueueBytes, gatewayHeldBytes, gatewayQuarantined, gatewayLimited, gatewayEndpoints,
        gatewayDirectoryRefreshes,
    ]

    /// Everything any process measures.
    package static let all: [MetricDescription] =
        Self.gateway + Self.limits + Self.consumer + HTTPMetrics.descriptions(process: "gateway")
        + HTTPMetrics.descriptions(process: "consumer")
}
