package import Logging
package import PosternCrypto
internal import PosternModel
internal import PosternPostgres
internal import ServiceLifecycle

/// Watches for what administrators should know, and tells them.
///
/// Every consumer process runs one; one of them works, the others stand by. It has a database connection of its own,
/// whose session holds the lock that decides.
package final class NotificationService: Service {
    private let configuration: NotificationConfiguration
    private let address: String
    private let keyring: SealingKeyring
    private let sender: any AlertSender
    private let stop = StopSignal()
    private let logger: Logger

    /// Prepares the service; nothing is connected before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: what to tell, and how often.
    ///   - address: where PostgreSQL is: a libpq connection string or URI, for the role `postern_consumer`.
    ///   - keyring: opens the alert destinations' headers and signing secrets.
    ///   - sender: takes alerts to them.
    ///   - logger: hears of every notification, too.
    package init(
        configuration: NotificationConfiguration,
        address: String,
        opening keyring: SealingKeyring,
        sender: any AlertSender,
        logger: Logger
    ) {
        self.configuration = configuration
        self.address = address
        self.keyring = keyring
        self.sender = sender
        self.logger = logger
    }

    /// Asks it to end after the look at hand, as graceful shutdown does; returns at once.
    package func finish() { self.stop.raise() }

    /// Watches until graceful shutdown or cancellation.
    package func run() async {
        let database = Database(
            ConnectionConfiguration(
                address: self.address,
                applicationName: "postern notifications",
                logger: self.logger
            ),
            connections: 1,
            logger: self.logger
        )
        await withGracefulShutdownHandler {
            var desk = NotificationDesk(
                configuration: self.configuration,
                opening: self.keyring,
                sender: self.sender,
                logger: self.logger
            )
            while !self.stop.isRaised, !Task.isCancelled {
                await desk.look(at: .now(), database)
                await self.stop.sleep(for: self.configuration.interval)
            }
        } onGracefulShutdown: {
            self.finish()
        }
        await database.shutdown()
    }
}
