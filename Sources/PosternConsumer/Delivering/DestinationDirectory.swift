internal import Logging
package import PosternCrypto
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import Synchronization

/// The destinations of all organizations, kept in memory: read at start, on every notification, and by a slow poll.
///
/// One task follows; any thread reads.
package final class DestinationDirectory: Sendable {
    /// The destinations as last read.
    struct Snapshot: Sendable {
        /// Goes up with every reading.
        var generation = 0
        var destinations: [DestinationRecord] = []
        /// What is wrong with some of them.
        var faults: [DestinationID: String] = [:]
    }

    private let keyring: SealingKeyring
    private let poll: Duration
    private let snapshot = Mutex(Snapshot())

    /// What the triggers of migration 0007 notify.
    private static let channel = "postern_destinations"
    private static let queryLimit: Duration = .seconds(20)

    /// Starts empty; `keyring` opens the destinations' secrets.
    package init(sealing keyring: SealingKeyring, poll: Duration) {
        self.keyring = keyring
        self.poll = poll
    }

    /// The destinations as last read.
    var current: Snapshot { self.snapshot.withLock { $0 } }

    /// Follows the configuration until canceled; `changed` is told after each reading.
    func follow(_ database: Database, logger: Logger, changed: @escaping @Sendable () -> Void) async {
        var backoff = Backoff()
        let poll = self.poll
        while !Task.isCancelled {
            do {
                try await database.run(within: poll + Self.queryLimit) { connection throws(PostgresError) in
                    // Listening begins before the reading, so that no change falls between the two.
                    try connection.listen(Self.channel, within: Self.queryLimit)
                    let expiry = try self.load(&connection, logger: logger)
                    changed()
                    let wait = expiry.map { time in Duration.microseconds(time.microseconds(since: .now())) }
                    _ = try connection.notifications(within: min(poll, max(wait ?? poll, .milliseconds(100))))
                }
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("destinations cannot be read", metadata: ["error": "\(error)"])
                do { try await Task.sleep(for: backoff.next()) } catch { return }
            }
        }
    }

    /// Reads all destinations; tells when the next secret expires.
    private func load(_ connection: inout Connection, logger: Logger) throws(PostgresError) -> Timestamp? {
        let contents = try DestinationReader.all(opening: self.keyring, &connection, within: Self.queryLimit)
        var faults: [DestinationID: String] = [:]
        for fault in contents.faults {
            // An unsigned request, or one without its credentials, must not leave because a key is missing here.
            if case .secretNotOpened = fault.reason { faults[fault.destination] = "\(fault)" }
            logger.error("destination cannot be used", metadata: ["error": "\(fault)"])
        }
        let faulty = faults
        self.snapshot.withLock { snapshot in
            snapshot.generation += 1
            snapshot.destinations = contents.destinations
            snapshot.faults = faulty
        }
        return contents.destinations.lazy.flatMap { $0.signing + $0.headers }.compactMap(\.expiresAt).min()
    }
}
