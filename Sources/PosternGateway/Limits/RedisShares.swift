package import PosternModel
package import PosternRedis

/// Shares limits through Redis or Valkey.
///
/// One hash for each subject, with a field for each gateway that holds `admitted debt time`; one sorted set of living
/// gateways by time. Every time is the server's, every write leaves a sum, and every key ends by itself, so that nothing
/// has to be cleaned up and nothing counts twice. One server or one with replicas; not Redis Cluster.
package final class RedisShares: ShareStore {
    private let thread: RedisThread
    private let gateway: UniqueID
    private let prefix: String

    package let interval: Duration

    /// How long a key and what is in it are kept after the last write.
    private static let keepMilliseconds: Int64 = 600_000
    /// How long a gateway counts as alive after it was last heard of; one that is alone writes every two seconds.
    private static let presenceMilliseconds: Int64 = 6000
    /// How many forgotten fields one exchange removes.
    private static let sweepLimit = 256

    /// Shares through Redis.
    ///
    /// - Parameters:
    ///   - address: where Redis is; connected to in the background.
    ///   - gateway: who we are: new at each start.
    ///   - prefix: what all keys begin with, before `:limits:`.
    ///   - interval: how often to exchange while several gateways are alive; the same in all gateways.
    package init(
        _ address: RedisAddress,
        gateway: UniqueID,
        prefix: String = "postern",
        interval: Duration = ShareRhythm.redis
    ) {
        precondition(interval >= .milliseconds(1), "an exchange every \(interval)")
        self.thread = RedisThread(address)
        self.gateway = gateway
        self.prefix = prefix
        self.interval = interval
    }

    package var name: String { ShareStatus.Shares.redis.rawValue }
    package var preferredName: String { self.name }

    /// Whether there is a connection now.
    package var isConnected: Bool { self.thread.isConnected }

    package func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer {
        try await self.run { connection throws(RedisError) in try self.exchange(reports, &connection) }
    }

    package func renew() async {}

    package func leave(_ reports: [ShareReport]) async throws(ShareError) {
        try await self.run { connection throws(RedisError) in
            let time = try Self.time(&connection)
            var pipeline = RedisPipeline()
            self.put(reports, at: time, to: &pipeline)
            pipeline.append("ZREM", self.gatewaysKey, self.gateway.description)
            _ = try Self.answers(pipeline, &connection)
        }
    }

    /// Closes the connection and ends its thread.
    package func shutdown() async { await self.thread.shutdown() }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout RedisConnection) throws(RedisError) -> Value
    ) async throws(ShareError) -> Value {
        do throws(RedisError) {
            return try await self.thread.run(within: ShareRhythm.redisLimit, work)
        } catch {
            throw ShareError(error)
        }
    }

    // MARK: On the thread

    /// Asks for the time first: an age computed by two clocks would be wrong by their difference.
    private func exchange(
        _ reports: [ShareReport],
        _ connection: inout RedisConnection
    ) throws(RedisError) -> ShareAnswer {
        let time = try Self.time(&connection)
        let alive = time / 1000 - Self.presenceMilliseconds
        var pipeline = RedisPipeline(bytes: 256 + 320 * reports.count)
        pipeline.append("ZADD", self.gatewaysKey, String(time / 1000), self.gateway.description)
        pipeline.append("ZREMRANGEBYSCORE", self.gatewaysKey, "-inf", String(time / 1000 - Self.keepMilliseconds))
        pipeline.append("PEXPIRE", self.gatewaysKey, String(Self.keepMilliseconds))
        pipeline.append("ZRANGEBYSCORE", self.gatewaysKey, String(alive), "+inf")
        self.put(reports, at: time, to: &pipeline)
        let first = pipeline.count
        for report in reports { pipeline.append("HGETALL", self.key(report.subject)) }
        let answers = try Self.answers(pipeline, &connection)

        guard let members = answers[3].elements else { throw .malformed("no list of gateways") }
        var entries: [ShareEntry] = []
        var forgotten: [(subject: UniqueID, field: String)] = []
        for (index, report) in reports.enumerated() {
            guard let fields = answers[first + index].elements else { throw .malformed("no hash of a subject") }
            for position in stride(from: 0, to: fields.count - 1, by: 2) {
                guard let field = fields[position].text else { continue }
                guard let entry = Self.entry(report.subject, field, fields[position + 1], time),
                    entry.ageMicroseconds <= Self.keepMilliseconds * 1000
                else {
                    forgotten.append((report.subject, field))
                    continue
                }
                guard entry.gateway != self.gateway, self.matters(entry, report) else { continue }
                entries.append(entry)
            }
        }
        try self.sweep(forgotten, &connection)
        return ShareAnswer(
            entries: entries,
            gateways: members.compactMap { member in member.text.flatMap { UniqueID($0) } }.sorted(),
            epoch: time / max(1, Int64(self.interval / .microseconds(1)))
        )
    }

    /// Whether an entry is fresh, or old but of a subject that is new here and in debt.
    private func matters(_ entry: ShareEntry, _ report: ShareReport) -> Bool {
        Duration.microseconds(entry.ageMicroseconds) <= self.freshness || (report.isNew && entry.debtMicroseconds > 0)
    }

    private func put(_ reports: [ShareReport], at time: Int64, to pipeline: inout RedisPipeline) {
        let field = self.gateway.description
        let keep = String(Self.keepMilliseconds)
        for report in reports where report.wasAsked {
            let key = self.key(report.subject)
            pipeline.append("HSET", key, field, "\(report.admitted) \(report.debtMicroseconds) \(time)")
            pipeline.append("PEXPIRE", key, keep)
        }
    }

    /// Removes fields of gateways that ended long ago, which a subject that stays busy would keep forever.
    private func sweep(
        _ forgotten: [(subject: UniqueID, field: String)],
        _ connection: inout RedisConnection
    ) throws(RedisError) {
        guard !forgotten.isEmpty else { return }
        var pipeline = RedisPipeline()
        for (subject, field) in forgotten.prefix(Self.sweepLimit) {
            pipeline.append("HDEL", self.key(subject), field)
        }
        _ = try Self.answers(pipeline, &connection)
    }

    private var gatewaysKey: String { "\(self.prefix):limits:gateways" }

    private func key(_ subject: UniqueID) -> String { "\(self.prefix):limits:\(subject)" }

    /// The server's clock in microseconds since 1970.
    private static func time(_ connection: inout RedisConnection) throws(RedisError) -> Int64 {
        var pipeline = RedisPipeline()
        pipeline.append("TIME")
        guard let parts = try Self.answers(pipeline, &connection).first?.elements, parts.count == 2,
            let seconds = parts[0].text.flatMap({ Int64($0) }), let rest = parts[1].text.flatMap({ Int64($0) }),
            (0...(1 << 40)).contains(seconds), (0..<1_000_000).contains(rest)
        else { throw .malformed("no time") }
        return seconds * 1_000_000 + rest
    }

    /// Runs commands of which none may fail: half an exchange is none.
    private static func answers(
        _ pipeline: borrowing RedisPipeline,
        _ connection: inout RedisConnection
    ) throws(RedisError) -> [RedisReply] {
        let answers = try connection.run(pipeline, within: ShareRhythm.redisLimit)
        for answer in answers {
            if let failure = answer.failure { throw .refused(failure) }
        }
        return answers
    }

    /// Reads a field; `nil` for one that no gateway writes.
    private static func entry(
        _ subject: UniqueID,
        _ field: String,
        _ value: RedisReply,
        _ time: Int64
    ) -> ShareEntry? {
        guard let gateway = UniqueID(field), let text = value.text else { return nil }
        let numbers = text.split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        let age = max(0, time - numbers[2])
        return ShareEntry(
            subject: subject,
            gateway: gateway,
            admitted: numbers[0],
            debtMicroseconds: max(0, numbers[1] - age),
            ageMicroseconds: age
        )
    }
}
