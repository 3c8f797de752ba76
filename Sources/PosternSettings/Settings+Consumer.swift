package import PosternConsumer

extension Settings {
    /// Everything the consumer can be told; see `deploy/postern.yaml` for the meaning of each key.
    ///
    /// - Throws: ``SettingsError/badValue(key:reason:)``.
    package func consumer() throws(SettingsError) -> ConsumerConfiguration {
        var consumer = ConsumerConfiguration()
        consumer.lease = try self.duration("consumer.leaseSeconds", secondsIn: 1...300, default: consumer.lease)
        consumer.workers = try self.integer("consumer.workers", in: 1...64, default: consumer.workers)
        consumer.batchRows = try self.integer("consumer.batchRows", in: 1...16_384, default: consumer.batchRows)
        consumer.batchRowsPerCursor = try self.integer(
            "consumer.batchRowsPerCursor",
            in: 1...16_384,
            default: consumer.batchRowsPerCursor
        )
        consumer.idlePoll = try self.duration(
            "consumer.idlePollSeconds",
            secondsIn: 0.001...60,
            default: consumer.idlePoll
        )
        consumer.deduplicationWindow =
            try self.duration(
                "consumer.deduplicationHours",
                secondsIn: 1...8760,
                default: consumer.deduplicationWindow / 3600
            ) * 3600
        consumer.retryDelays = try self.durations("consumer.retryDelaysSeconds", default: consumer.retryDelays)
        consumer.retryJitterPercent = try self.integer(
            "consumer.retryJitterPercent",
            in: 0...100,
            default: consumer.retryJitterPercent
        )
        consumer.retryPoll = try self.duration(
            "consumer.retryPollSeconds",
            secondsIn: 0.01...60,
            default: consumer.retryPoll
        )
        consumer.delivery.inFlight = try self.integer(
            "consumer.attemptsInFlight",
            in: 1...10_000,
            default: consumer.delivery.inFlight
        )
        consumer.delivery.windowEvents = try self.integer(
            "consumer.windowEvents",
            in: 1...10_000,
            default: consumer.delivery.windowEvents
        )
        consumer.retention.deliveries = try self.days(
            "consumer.retention.deliveries",
            default: consumer.retention.deliveries
        )
        consumer.retention.events = try self.days("consumer.retention.events", default: consumer.retention.events)
        consumer.retention.attempts = try self.days("consumer.retention.attempts", default: consumer.retention.attempts)
        consumer.retention.trafficMinutes = try self.days(
            "consumer.retention.trafficMinutes",
            default: consumer.retention.trafficMinutes
        )
        return consumer
    }

    private func days(_ key: String, default fallback: Int32) throws(SettingsError) -> Int32 {
        Int32(try self.integer(key, in: 1...3650, default: Int(fallback)))
    }

    /// A list of seconds, comma-separated: `60,300,900`.
    private func durations(_ key: String, default fallback: [Duration]) throws(SettingsError) -> [Duration] {
        guard let text = self.text(key) else { return fallback }
        return try text.split(separator: ",").map { part throws(SettingsError) in
            guard let seconds = Double(part.drop { $0 == " " }), seconds.isFinite, (0...604_800).contains(seconds)
            else {
                throw .badValue(
                    key: key,
                    reason: "holds '\(part)', must be seconds from 0 to 604800 with commas between"
                )
            }
            return .seconds(seconds)
        }
    }
}
