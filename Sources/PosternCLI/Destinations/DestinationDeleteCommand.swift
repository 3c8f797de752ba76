internal import ArgumentParser
internal import Glibc
internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// `postern destination delete`.
struct DestinationDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a destination; what waits to be sent becomes dead letters.",
        discussion: """
            Events behind its cursors are not sent; they stay in the log. Dead letters stay, with the reason \
            destination_deleted for what waited; 'postern deadletter replay --to' sends them elsewhere. When it is \
            interrupted, deleting by id again goes on. It asks when events wait; without a terminal that takes --yes.

            Examples:
              postern destination delete shop --org acme --dry-run
              postern destination delete shop --org acme --yes
            """
    )

    @OptionGroup var reference: DestinationReference
    @Flag(help: "Say what would become of what waits, and change nothing.") var dryRun = false
    @Flag(help: "Do not ask, whatever waits.") var yes = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    /// What is to be deleted, and what waits for it.
    private struct Plan: Sendable {
        let id: DestinationID
        let name: String
        let figures: DestinationFigures

        /// `3 events that wait become dead letters, 12 behind its cursors are not sent`.
        var waiting: String? {
            var parts: [String] = []
            let (retries, lag) = (self.figures.retries, self.figures.lag)
            if retries > 0 {
                parts.append(retries == 1 ? "1 event becomes a dead letter" : "\(retries) events become dead letters")
            }
            if lag > 0 {
                let cut = self.figures.isLagCut ? " or more" : ""
                parts.append("\(lag)\(cut) \(lag == 1 ? "event" : "events") behind its cursors will not be sent")
            }
            return parts.isEmpty ? nil : parts.joined(separator: ", ")
        }
    }

    mutating func run() async throws {
        let reference = self.reference
        let plan = try await self.administration.run { administration, connection in
            try Self.plan(reference, administration, &connection)
        }
        if self.dryRun {
            self.show(plan)
            return
        }
        try self.confirm(plan)
        let deletion = try await self.administration.run { administration, connection in
            let progress = ProgressLine("dead letters")
            defer { progress.end() }
            return try administration.deleteDestination(
                plan.id,
                &connection,
                within: AdministrationOptions.limit
            ) {
                progress.show("\($0.buried + $0.reopened)")
            }
        }
        self.show(deletion, of: plan)
    }

    /// Asks when events wait.
    ///
    /// - Throws: ``CommandFailure`` when nobody can be asked, or the answer is no.
    private func confirm(_ plan: Plan) throws {
        guard !self.yes, let waiting = plan.waiting else { return }
        guard isatty(STDIN_FILENO) == 1, !self.output.json else {
            throw CommandFailure(
                code: "confirmation_required",
                message: "when it is deleted, \(waiting): look with --dry-run, then say --yes"
            )
        }
        print("Delete \(PrintableText.escape(plan.name))? Then \(waiting). [y/N] ", terminator: "")
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            throw CommandFailure(code: "not_confirmed", message: "nothing was done")
        }
    }

    private func show(_ plan: Plan) {
        guard self.output.json else {
            print("would delete the destination \(PrintableText.escape(plan.name)) (\(plan.id))")
            print("  \(plan.waiting ?? "no event waits for it")")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: plan.id.description)
        writer.member("name", string: plan.name)
        writer.member("dry_run", boolean: true)
        writer.member("pending_retries", integer: plan.figures.retries)
        writer.member("lag_events", integer: plan.figures.lag)
        writer.member("lag_events_is_at_least", boolean: plan.figures.isLagCut)
        writer.endObject()
        print(writer.text)
    }

    private func show(_ deletion: DestinationDeletion, of plan: Plan) {
        guard self.output.json else {
            print("destination \(PrintableText.escape(plan.name)) (\(plan.id)) deleted")
            if deletion.buried > 0 {
                print("  \(deletion.buried) waiting \(deletion.buried == 1 ? "event" : "events") dead-lettered")
                let replay = "postern deadletter replay --all --destination \(plan.id) --to DESTINATION"
                print("  '\(replay)' sends them elsewhere")
            }
            if deletion.reopened > 0 {
                print("  \(deletion.reopened) \(deletion.reopened == 1 ? "dead letter" : "dead letters") reopened")
            }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: plan.id.description)
        writer.member("name", string: plan.name)
        writer.member("dry_run", boolean: false)
        writer.member("dead_lettered", integer: deletion.buried)
        writer.member("reopened", integer: deletion.reopened)
        writer.endObject()
        print(writer.text)
    }

    /// Finds it, by its id also when it was deleted: a deletion that was interrupted goes on.
    private static func plan(
        _ reference: DestinationReference,
        _ administration: Administration,
        _ connection: inout Connection
    ) throws -> Plan {
        let limit = AdministrationOptions.limit
        if let id = DestinationID(text: reference.destination) {
            let names = try ReviewNames.read(organizations: [], destinations: [id], &connection, within: limit)
            if let deleted = names.destinations[id], deleted.isDeleted {
                // Whoever began it has been asked.
                return Plan(id: id, name: deleted.name, figures: DestinationFigures(destination: id))
            }
        }
        let destination = try reference.find(administration, &connection).destination
        let figures = try DestinationFiguresReader.read(
            [destination.id],
            since: .now(),
            &connection,
            within: limit
        )
        return Plan(
            id: destination.id,
            name: destination.name,
            figures: figures.first ?? DestinationFigures(destination: destination.id)
        )
    }
}
