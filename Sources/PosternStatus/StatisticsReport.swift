internal import PosternJSON
package import PosternModel
package import PosternPostgres
internal import PosternStore

/// The figures of `/stats`: from counters and `traffic_minutes`, never by counting traffic.
package struct StatisticsReport: Sendable {
    private let database: Database
    private let senders: [PlatformName: SenderPatience]?

    private static let limit: Duration = .seconds(5)
    private static let hours: Int64 = 24

    /// Asks through `database`.
    ///
    /// With `senders`, how long each platform's sender repeats what is refused, the figures of destinations and refused
    /// endpoints are among the answer: for the consumer's role, since the gateway's may not read them.
    package init(database: Database, senders: [PlatformName: SenderPatience]? = nil) {
        self.database = database
        self.senders = senders
    }

    /// The figures of the last 24 hours and the state of the queues now, as a JSON object.
    package func json() async throws(PostgresError) -> [UInt8] {
        let delivers = self.senders != nil
        let (sums, status, deliveries) = try await self.database.run(within: Self.limit) {
            connection throws(PostgresError) in
            let now = Timestamp.now()
            let start = now.advanced(by: .seconds(-3600 * Self.hours))
            let sums = try TrafficSums.load(
                from: start,
                to: now.advanced(by: .seconds(60)),
                &connection,
                within: Self.limit
            )
            let status = try PipelineStatus.load(&connection, within: Self.limit)
            guard delivers else { return (sums, status, DeliveryStatistics?.none) }
            let deliveries = try DeliveryStatistics(from: start, to: now, &connection, within: Self.limit)
            return (sums, status, deliveries)
        }
        return Self.write(sums, status, deliveries, self.senders ?? [:])
    }

    private static func write(
        _ sums: [TrafficSums.Sum],
        _ status: PipelineStatus,
        _ deliveries: DeliveryStatistics?,
        _ senders: [PlatformName: SenderPatience]
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("window_hours", integer: Self.hours)
        Self.writeFigures(sums, to: &writer)
        writer.member("pending", integer: status.pendingDeliveries)
        writer.member("pending_retries", integer: status.pendingRetries.count)
        writer.member("dead_letter_queue_size", integer: status.openDeadLetters.count)
        writer.name("retry_success_rate")
        let recovered = Self.total(sums, .recovered)
        let failed = Self.total(sums, .deadLettered)
        // Of the deliveries that were retried and have come to an end.
        if recovered + failed > 0 {
            writer.number((Double(recovered) / Double(recovered + failed) * 10_000).rounded() / 10_000)
        } else {
            writer.null()
        }
        writer.member("lag_seconds", raw: Array("\(Self.rounded(status.backlogAge ?? .zero))".utf8))
        deliveries?.write(to: &writer, senders)
        writer.name("platforms")
        writer.beginObject()
        for platform in Set(sums.map(\.platform)).sorted() {
            writer.name(platform.text)
            writer.beginObject()
            Self.writeFigures(sums.filter { sum in sum.platform == platform }, to: &writer)
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func writeFigures(_ sums: [TrafficSums.Sum], to writer: inout JSONWriter) {
        for (name, outcome) in [
            ("accepted", TrafficOutcome.accepted), ("handshakes", .handshake), ("normalized", .normalized),
            ("events", .event), ("duplicates", .duplicate), ("unrecognized", .unrecognized), ("retried", .retried),
            ("recovered", .recovered), ("dead_lettered", .deadLettered),
        ] {
            writer.member(name, integer: Self.total(sums, outcome))
        }
        writer.name("rejected")
        writer.beginObject()
        var byReason: [String: Int64] = [:]
        for sum in sums {
            if case .rejected(let reason) = sum.outcome { byReason[reason, default: 0] += sum.count }
        }
        for (reason, count) in byReason.sorted(by: { $0.key < $1.key }) { writer.member(reason, integer: count) }
        writer.endObject()
    }

    private static func total(_ sums: [TrafficSums.Sum], _ outcome: TrafficOutcome) -> Int64 {
        sums.reduce(0) { total, sum in sum.outcome == outcome ? total + sum.count : total }
    }

    private static func rounded(_ duration: Duration) -> Double { (duration / .milliseconds(1)).rounded() / 1000 }
}
