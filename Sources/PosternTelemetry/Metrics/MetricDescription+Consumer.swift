extension MetricDescription {
    static let consumerDeliveries = Self.counter(
        "postern_consumer_deliveries_total",
        "Deliveries worked off by outcome: normalized, retried (put in the retry queue), dead_lettered, discarded."
    )
    static let consumerEvents = Self.counter("postern_consumer_events_total", "Events stored.")
    static let consumerDuplicates = Self.counter(
        "postern_consumer_duplicate_events_total",
        "Events whose key was known, so that they were not stored again."
    )
    static let consumerUnrecognized = Self.counter(
        "postern_consumer_unrecognized_events_total",
        "Events of a kind their platform's definition does not name."
    )
    static let consumerDeadLetters = Self.counter(
        "postern_consumer_dead_letters_total",
        "Deliveries that became dead letters, by reason."
    )
    static let consumerRetriesScheduled = Self.counter(
        "postern_consumer_retries_scheduled_total",
        "Times a delivery was put, or put back, in the retry queue."
    )
    static let consumerRetriesRecovered = Self.counter(
        "postern_consumer_retries_recovered_total",
        "Retries that worked."
    )
    static let consumerRetriesWaiting = Self.gauge(
        "postern_consumer_retries_waiting",
        "Deliveries in the retry queue."
    )
    static let consumerLagSeconds = Self.histogram(
        "postern_consumer_lag_seconds",
        "Time from a delivery's receipt to the commit of its events.",
        .lag
    )
    static let consumerOldestSeconds = Self.gauge(
        "postern_consumer_oldest_unread_seconds",
        "Age of the oldest delivery not yet read in the lanes owned."
    )
    static let consumerLanesOwned = Self.gauge(
        "postern_consumer_lanes_owned",
        "Lanes this consumer holds the lease of."
    )
    static let consumerLeasesLost = Self.counter(
        "postern_consumer_leases_lost_total",
        "Leases that another consumer took before they were given back."
    )
    static let consumerBatches = Self.counter(
        "postern_consumer_batches_total",
        "Batches by outcome: committed, or refused because a lease was lost."
    )
    static let consumerBatchSeconds = Self.histogram(
        "postern_consumer_batch_seconds",
        "Time of one batch from reading to the confirmed commit.",
        .latency
    )
    static let consumerBatchRows = Self.histogram(
        "postern_consumer_batch_rows",
        "Deliveries worked off together in one batch.",
        .rows
    )
    static let consumerDatabaseFailures = Self.counter(
        "postern_consumer_database_failures_total",
        "Times a step of the consumer failed for the database."
    )

    /// Everything ``ConsumerMetrics`` measures.
    package static let consumer: [MetricDescription] =
        [
            consumerDeliveries, consumerEvents, consumerDuplicates, consumerUnrecognized, consumerDeadLetters,
            consumerRetriesScheduled, consumerRetriesRecovered, consumerRetriesWaiting, consumerLagSeconds,
            consumerOldestSeconds, consumerLanesOwned, consumerLeasesLost, consumerBatches, consumerBatchSeconds,
            consumerBatchRows, consumerDatabaseFailures,
        ] + Self.delivery
}
