package import Logging
package import PosternModel
package import PosternPostgres
package import PosternStore
package import PosternTelemetry
internal import ServiceLifecycle
internal import Synchronization

/// Keeps the endpoints in memory: loads them at start, again on every notification, and by a slow poll.
package final class DirectoryService: Service {
    private let database: Database
    private let reader: DirectoryReader
    private let compiler: DirectoryCompiler
    private let lookups: EndpointLookups
    private let poll: Duration
    private let metrics: GatewayMetrics
    private let publish: @Sendable (EndpointDirectory) -> Void
    private let logger: Logger
    private let current = Mutex(EndpointDirectory.empty)
    private let loadedAt = Mutex<Timestamp?>(nil)

    private static let queryLimit: Duration = .seconds(20)
    /// What the triggers of migration 0004 notify.
    private static let channel = "postern_directory"

    /// Joins the parts.
    ///
    /// - `database`: two connections at least: one waits for notifications, one answers lookups.
    /// - `publish`: takes each new directory to the event loops.
    package init(
        database: Database,
        reader: DirectoryReader,
        compiler: DirectoryCompiler,
        lookups: EndpointLookups,
        poll: Duration,
        metrics: GatewayMetrics,
        logger: Logger,
        publish: @escaping @Sendable (EndpointDirectory) -> Void
    ) {
        self.database = database
        self.reader = reader
        self.compiler = compiler
        self.lookups = lookups
        self.poll = poll
        self.metrics = metrics
        self.logger = logger
        self.publish = publish
    }

    /// When the endpoints were last read; `nil` before the first time.
    package var lastLoad: Timestamp? { self.loadedAt.withLock { time in time } }

    /// How many endpoints are known.
    package var endpointCount: Int { self.current.withLock { directory in directory.count } }

    /// How many bytes each of these endpoints may keep in quarantine; those that keep none are missing.
    package func quarantineLimits(of endpoints: Set<EndpointID>) -> [EndpointID: Int] {
        let directory = self.current.withLock { directory in directory }
        var limits: [EndpointID: Int] = [:]
        for entry in directory.all where endpoints.contains(entry.id) {
            if let bytes = entry.record.quarantineBytes { limits[entry.id] = Int(bytes) }
        }
        return limits
    }

    package func run() async throws {
        await withTaskGroup { group in
            group.addTask { await cancelWhenGracefulShutdown { await self.follow() } }
            // Not canceled: requests wait for these answers. It ends when the gateway ends the questions.
            group.addTask { await self.answerLookups() }
        }
    }

    /// Reads all endpoints and publishes them.
    package func loadOnce() async throws(PostgresError) {
        try await self.database.run(within: Self.queryLimit) { connection throws(PostgresError) in
            _ = try self.load(&connection)
        }
    }

    /// Reads all endpoints and publishes them; tells when the next secret expires.
    ///
    /// Blocking: connection threads only.
    private func load(_ connection: inout Connection) throws(PostgresError) -> Timestamp? {
        let contents = try self.reader.load(&connection, within: Self.queryLimit)
        for fault in contents.faults {
            self.logger.error("endpoint cannot be read", metadata: .keys([.error: "\(fault)"]))
        }
        let directory = self.compiler.directory(contents, replacing: self.current.withLock { $0 })
        self.current.withLock { current in current = directory }
        self.loadedAt.withLock { time in time = .now() }
        self.publish(directory)
        self.metrics.endpoints.set(directory.count)
        self.metrics.directoryRefreshes.increment()
        return contents.endpoints.lazy.flatMap(\.secrets).compactMap(\.expiresAt).min()
    }

    private func follow() async {
        var backoff = Backoff()
        let poll = self.poll
        while !Task.isCancelled {
            do {
                try await self.database.run(within: poll + Self.queryLimit) { connection throws(PostgresError) in
                    // Listening begins before the load, so that no change falls between the two; and it is the same
                    // connection that waits, because a subscription belongs to one.
                    try connection.listen(Self.channel, within: Self.queryLimit)
                    let expiry = try self.load(&connection)
                    // Nothing notifies of a secret whose time has come: the next look is then. Not sooner than 100 ms,
                    // because the server's clock, which decides, may be behind ours.
                    let untilExpiry = expiry.map { time in Duration.microseconds(time.microseconds(since: .now())) }
                    _ = try connection.notifications(within: min(poll, max(untilExpiry ?? poll, .milliseconds(100))))
                }
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { return }
                self.metrics.directoryFailures.increment()
                self.logger.warning("endpoints cannot be read", metadata: .keys([.error: "\(error)"]))
                do { try await Task.sleep(for: backoff.next()) } catch { return }
            }
        }
    }

    private func answerLookups() async {
        for await question in self.lookups.questions {
            question.reply(await self.answer(question.key))
        }
    }

    private func answer(_ name: String) async -> EndpointLookups.Answer {
        guard let slash = name.firstIndex(of: "/"), let key = EndpointKey(name[name.index(after: slash)...]) else {
            return .missing
        }
        do {
            let contents = try await self.database.run(within: .seconds(2)) {
                [reader] connection throws(PostgresError) in
                try reader.load(key: key, &connection, within: .seconds(2))
            }
            guard let entry = self.compiler.entry(contents), entry.record.platform.text == name[..<slash] else {
                return .missing
            }
            return .found(entry)
        } catch {
            return .databaseUnavailable
        }
    }
}
