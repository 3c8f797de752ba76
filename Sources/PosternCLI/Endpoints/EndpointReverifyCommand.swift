internal import ArgumentParser
internal import Glibc
internal import PosternCrypto
internal import PosternModel
internal import PosternOperations
internal import PosternPlatforms
internal import PosternPostgres
internal import PosternSettings
internal import PosternStore

/// `postern endpoint reverify`.
struct EndpointReverifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverify",
        abstract: "Check quarantined requests with the endpoint's current secrets and let in those that are right.",
        discussion: """
            For after a secret was corrected. Each request is checked as of the time it came. Those that are proven now \
            become deliveries, oldest first, and leave the quarantine; an event that is known already stays one event. \
            The others stay until their time is up.

            Examples:
              postern endpoint reverify abcdefghijklmnopqrstuvwxyz --dry-run
              postern endpoint reverify abcdefghijklmnopqrstuvwxyz --yes
            """
    )

    /// More than these are let in only after a question.
    private static let unaskedLimit = 10

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @Flag(help: "Check, and change nothing.") var dryRun = false
    @Flag(help: "Do not ask before more than \(Self.unaskedLimit) requests are let in.") var yes = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let settings = try await self.administration.process.settings()
        let data = self.administration.process.dataDirectory
        let address = try settings.database(role: "operator", dataDirectory: data)
        let keyring = try KeyFile.read(settings.keyFile(dataDirectory: data))
        let catalog = try self.catalogOptions.catalog()
        let reference = self.endpoint
        let (reverification, plan) = try await AdministrationOptions.run(address: address, keyring: keyring) {
            administration,
            connection in
            let limit = AdministrationOptions.limit
            let key = try administration.endpoint(reference, &connection, within: limit).endpoint.key
            return try Self.explaining { () throws(ReverificationError) in
                let reverification = try Reverification.prepare(
                    key: key,
                    catalog: catalog,
                    sealing: keyring,
                    &connection,
                    within: limit
                )
                let progress = ProgressLine("checked")
                defer { progress.end() }
                let plan = try reverification.plan(&connection, within: limit) { tally in progress.show(tally.count) }
                return (reverification, plan)
            }
        }
        let report = ReverifyReport(reverification.endpoint, plan, asJSON: self.output.json)
        if self.dryRun || plan.tally.validCount == 0 {
            report.show(plan.tally, isDone: false)
            return
        }
        try self.confirm(plan, report)
        let done = try await AdministrationOptions.run(address: address, keyring: keyring) {
            administration,
            connection in
            try Self.explaining { () throws(ReverificationError) in
                try Self.admit(plan, of: reverification, administration, address: address, &connection)
            }
        }
        report.show(done, isDone: true)
    }

    /// Asks before many requests are let in.
    ///
    /// - Throws: ``CommandFailure`` when nobody can be asked, or the answer is no.
    private func confirm(_ plan: ReverificationPlan, _ report: ReverifyReport) throws {
        guard plan.tally.validCount > Self.unaskedLimit, !self.yes else { return }
        guard isatty(STDIN_FILENO) == 1, !self.output.json else {
            throw CommandFailure(
                code: "confirmation_required",
                message:
                    "\(plan.tally.validCount) requests would be let in: look at them with --dry-run, then say --yes"
            )
        }
        report.show(plan.tally, isDone: false)
        print("Let in \(plan.tally.validCount) requests? [y/N] ", terminator: "")
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            throw CommandFailure(code: "not_confirmed", message: "nothing was let in")
        }
    }

    /// Appends with a writer of our own, which is closed afterwards so that consumers need not wait for it.
    private static func admit(
        _ plan: ReverificationPlan,
        of reverification: Reverification,
        _ administration: Administration,
        address: String,
        _ connection: inout Connection
    ) throws(ReverificationError) -> ReverificationTally {
        var writer: WriterSession
        do throws(PostgresError) {
            writer = try WriterSession(
                ConnectionConfiguration(address: address, applicationName: "postern reverify"),
                gateway: "reverify \(ProcessIdentity.text)"
            )
        } catch {
            throw .database(error)
        }
        let progress = ProgressLine("let in")
        defer { progress.end() }
        let tally = try reverification.admit(
            plan,
            acting: administration,
            through: &writer,
            &connection,
            within: AdministrationOptions.limit
        ) { tally in progress.show(tally.validCount) }
        do throws(PostgresError) {
            try writer.retire()
        } catch {
            throw .interrupted(admitted: tally.validCount, .database(error))
        }
        return tally
    }

    private static func explaining<Value>(_ act: () throws(ReverificationError) -> Value) throws -> Value {
        do throws(ReverificationError) {
            return try act()
        } catch .database(let error) {
            throw DatabaseSession.explain(error)
        } catch {
            throw CommandFailure(code: error.code, message: error.description)
        }
    }
}
