internal import FoundationEssentials
internal import Logging
internal import PosternOperations
internal import PosternPostgres
internal import PosternSettings
internal import ServiceLifecycle
internal import Subprocess
internal import SystemPackage
internal import UnixSignals

/// Runs gateway and consumer as child processes of `postern up`, and stops them in order.
///
/// The children end by themselves when this process is gone: their standard input ends with it.
actor UpSupervisor {
    private let environment: [String: String]
    private let platformFolders: [String]
    private let data: String
    private let logger: Logger
    private var claim: Database?

    /// Whether this process is the one that runs on the data folder.
    var ownsData: Bool { self.claim != nil }

    /// The advisory lock that one `postern up` per data folder holds.
    private static let lock = Statement("up_lock", "SELECT pg_try_advisory_lock(1886614645, 1)")

    init(environment: [String: String], platformFolders: [String], data: String, logger: Logger) {
        self.environment = environment
        self.platformFolders = platformFolders
        self.data = data
        self.logger = logger
    }

    /// Takes the data folder for this process.
    ///
    /// - Throws: ``CommandFailure`` when another `postern up` runs on it.
    func claim() async throws {
        let database = Database(
            ConnectionConfiguration(
                address: EmbeddedDatabase.address(
                    directory: self.data,
                    role: "postern_owner",
                    database: "postgres"
                ),
                applicationName: "postern up"
            ),
            connections: 1,
            logger: self.logger
        )
        let isMine = try await database.run(within: .seconds(10)) { connection throws(PostgresError) in
            try connection.query(Self.lock, within: .seconds(5)).bool(0, 0)
        }
        guard isMine else {
            await database.shutdown()
            throw CommandFailure(
                code: "already_running",
                message: "another 'postern up' runs on \(self.data); stop it, or choose another folder with --data DIR"
            )
        }
        self.claim = database
    }

    /// Starts the children, greets when the gateway answers, and returns when all have ended.
    ///
    /// - Throws: ``CommandFailure`` when a child ends by itself.
    func run(greet: @escaping @Sendable () -> Void) async throws {
        let services: [any Service] = [
            ChildProcess(
                arguments: ["gateway"] + self.folderArguments + ["--until-input-ends"],
                environment: self.environment.merging(self.addresses(of: "gateway")) { _, new in new }
            ),
            ChildProcess(
                arguments: ["consumer"] + self.folderArguments + ["--until-input-ends"],
                environment: self.environment.merging(self.addresses(of: "consumer")) { _, new in new }
            ),
            Greeter(environment: self.environment, greet: greet),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { service in
                    .init(
                        service: service,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: self.logger
            )
        )
        do {
            try await group.run()
        } catch {
            await self.claim?.shutdown()
            guard let failure = error as? CommandFailure else {
                // The group's own words describe its services, and so their environment with what is secret in it.
                throw CommandFailure(
                    code: "child_ended",
                    message: "gateway or consumer ended by itself; its reason is above"
                )
            }
            throw failure
        }
        await self.claim?.shutdown()
    }

    private var folderArguments: [String] { self.platformFolders.flatMap { ["--platforms", $0] } }

    private func addresses(of process: String) -> [String: String] {
        [
            "POSTERN_DATABASE": EmbeddedDatabase.address(directory: self.data, role: "postern_\(process)"),
            "POSTERN_KEY_FILE": EmbeddedDatabase.keyFile(directory: self.data),
            // Another `up` on the same port would get half of the requests, for endpoints it does not know.
            "POSTERN_GATEWAY_SHARES_PORT": "false",
        ]
    }
}
