internal import PosternStore
internal import PosternTelemetry

extension ConsumerMetrics {
    /// Adds a count of a batch; dead letters are counted with their reasons, elsewhere.
    func add(_ count: Int, to subject: ConsumerTally.Subject) {
        let platform = self[subject.platform]
        switch subject.outcome {
        case .normalized: platform.normalized.increment(by: count)
        case .event: platform.events.increment(by: count)
        case .duplicate: platform.duplicates.increment(by: count)
        case .unrecognized: platform.unrecognized.increment(by: count)
        case .retried:
            platform.retried.increment(by: count)
            self.retriesScheduled.increment(by: count)
        case .recovered: self.retriesRecovered.increment(by: count)
        case .deadLettered, .accepted, .handshake, .rejected, .shadowed: break
        }
    }
}
