internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import PosternCrypto
internal import PosternModel
internal import PosternOperations
internal import PosternPlatforms
internal import PosternPostgres
internal import PosternSettings
internal import PosternStatus
internal import PosternStore

/// `postern up`: everything on one machine.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run everything on this machine: PostgreSQL, gateway and consumer.",
        discussion: """
            Makes a private PostgreSQL cluster, a key, a demo organization with an endpoint per core platform, and starts \
            gateway and consumer. Ctrl-C stops it all; a second start keeps the data.

            Example: postern up --data ./data --port 8080
            """
    )

    @OptionGroup var options: ProcessOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @Option(help: "The gateway's port (POSTERN_GATEWAY_PORT).") var port: Int?

    /// The platforms that get a demo endpoint.
    static let corePlatforms = [
        "meta", "tiktok-developers", "tiktok-business", "tiktok-shop", "google-ads-lead", "youtube-websub", "linkedin",
        "x",
        "snapchat", "standard-webhooks", "stripe", "github",
    ]

    mutating func run() async throws {
        var environment = self.options.environment
        if let port = self.port { environment["POSTERN_GATEWAY_PORT"] = String(port) }
        let data = self.options.dataDirectory
        environment["POSTERN_DATA"] = data
        let settings = try await Settings(environment: environment)
        let logger = try settings.logger("up")
        let catalog = try self.catalogOptions.catalog()

        Terminal.say("postern \(PosternVersion.text)")
        Terminal.say("data        \(data)")
        let database: EmbeddedDatabase
        do {
            database = try await EmbeddedDatabase.start(directory: data)
        } catch {
            throw CommandFailure(code: error.code, message: error.description)
        }
        let supervisor = UpSupervisor(
            environment: environment,
            platformFolders: self.catalogOptions.folders,
            data: data,
            logger: logger
        )
        do {
            try await supervisor.claim()
            let endpoints = try await Self.prepare(data: data, catalog: catalog, logger: logger)
            try await supervisor.run {
                Self.greet(endpoints, origin: settings.publicOrigin, data: data, settings: settings)
            }
        } catch {
            if await supervisor.ownsData { try? await database.stop() }
            throw error
        }
        // A cluster that does not stop says so in its log; there is nothing left to do for us.
        do {
            try await database.stop()
        } catch {
            throw CommandFailure(code: error.code, message: error.description)
        }
        Terminal.say("stopped")
    }

    private static let databaseExists = Statement(
        "up_database_exists",
        "SELECT FROM pg_catalog.pg_database WHERE datname = 'postern'"
    )

    /// Schema, key, demo organization and endpoints: each made once, kept afterwards.
    private static func prepare(data: String, catalog: PlatformCatalog, logger: Logger) async throws
        -> [EndpointListing]
    {
        let keyFile = EmbeddedDatabase.keyFile(directory: data)
        try KeyFile.makeIfMissing(keyFile)
        let keyring = try KeyFile.read(keyFile)
        let owner = EmbeddedDatabase.address(directory: data, role: "postern_owner")
        try await Self.createDatabase(data: data)
        _ = try await MigrateCommand.migrate(address: owner, lanes: nil, logger: logger)
        let operatorAddress = EmbeddedDatabase.address(directory: data, role: "postern_operator")
        let limit = AdministrationOptions.limit
        return try await AdministrationOptions.run(address: operatorAddress, keyring: keyring) {
            administration,
            connection in
            let known = try administration.organizations(&connection, within: limit).first { $0.name == "demo" }
            let organization =
                try known?.id
                ?? administration.createOrganization(name: "demo", tier: "unlimited", &connection, within: limit)
            let present = Set(
                try administration.endpoints(of: organization, &connection, within: limit).map(\.endpoint.platform.text)
            )
            for name in Self.corePlatforms where !present.contains(name) {
                guard let platformName = PlatformName(name), let platform = catalog.platform(named: platformName) else {
                    continue
                }
                let draft = try EndpointDraft(
                    platform: platform,
                    scheme: nil,
                    secret: nil,
                    secrets: [],
                    parameters: platform.parameters.filter(\.isRequired).map { (name: $0.name, value: "demo") }
                )
                _ = try administration.createEndpoint(
                    NewEndpoint(
                        organization: organization,
                        platform: platformName,
                        name: "demo",
                        scheme: draft.scheme,
                        parameters: draft.parameters,
                        secrets: draft.secrets
                    ),
                    &connection,
                    within: limit
                )
            }
            return try administration.endpoints(of: organization, &connection, within: limit)
        }
    }

    private static func createDatabase(data: String) async throws {
        let address = EmbeddedDatabase.address(directory: data, role: "postern_owner", database: "postgres")
        try await DatabaseSession.run(address: address) { connection in
            guard try connection.query(Self.databaseExists, within: .seconds(10)).count == 0 else { return }
            try connection.script("CREATE DATABASE postern", within: .seconds(30))
        }
    }

    private static func greet(_ endpoints: [EndpointListing], origin: String, data: String, settings: Settings) {
        let program = CommandLine.arguments[0]
        Terminal.say("gateway     \(origin)  (health: \(origin)/health)")
        let gatewayStatus = (try? settings.status(process: "gateway", defaultPort: 9464).port) ?? 9464
        let consumerStatus = (try? settings.status(process: "consumer", defaultPort: 9465).port) ?? 9465
        Terminal.say("status      http://127.0.0.1:\(gatewayStatus)/stats  http://127.0.0.1:\(consumerStatus)/stats")
        Terminal.say("")
        Terminal.say("endpoints of the organization 'demo':")
        for listing in endpoints {
            Terminal.say("  \(listing.endpoint.platform.text.padded(20))\(listing.endpoint.url(origin: origin))")
        }
        guard let first = endpoints.first(where: { $0.endpoint.platform.text == "meta" }) ?? endpoints.first else {
            return
        }
        let isDefault = data == EmbeddedDatabase.defaultDirectory(environment: [:])
        let dataOption = isDefault ? "" : " --data \(ShellWord.quoted(data))"
        Terminal.say("")
        Terminal.say("send a signed request from another terminal:")
        Terminal.say("  \(program) send \(first.endpoint.key)\(dataOption) --url \(origin)")
        Terminal.say("and read what came of it:")
        Terminal.say("  \(program) events list --org demo\(dataOption)")
        Terminal.say("")
        Terminal.say("Ctrl-C stops everything.")
    }
}
