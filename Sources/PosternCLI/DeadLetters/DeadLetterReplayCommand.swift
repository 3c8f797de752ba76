internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern deadletter replay`.
struct DeadLetterReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Put dead letters back on their way.",
        discussion: """
            An event goes to its destination again; a delivery that could not be normalized is normalized again. A letter \
            is resolved when that goes well, and open with the new reason when it does not. With --to, events go to another \
            destination of their organization: the way out for those of one that was deleted.

            Examples:
              postern deadletter replay 0198c0de-0000-7000-8000-000000000001
              postern deadletter replay 0198c0de-0000-7000-8000-000000000001 --payload fixed.json
              postern deadletter replay --all --org acme --reason http_5xx --dry-run
              postern deadletter replay --all --destination 0198c0de-0000-7000-8000-000000000002 --to shop
            """
    )

    @Argument(help: "Their ids.") var ids: [String] = []
    @Option(help: "Send what this file holds in place of the payload ('-': standard input); the original is kept.")
    var payload: String?
    @Option(
        help: "Send events to this destination of their organization, by name or id; --all needs --destination then."
    )
    var to: String?
    @Flag(help: "All that match the filters, as a job.") var all = false
    @OptionGroup var filters: DeadLetterFilterOptions
    @OptionGroup var bulk: BulkOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard self.all else {
            try await self.replay(try DeadLetterTargets.letters(self.ids, self.filters))
            return
        }
        if !self.ids.isEmpty || self.payload != nil {
            throw CommandFailure(code: "bad_option", message: "--all excludes ids and --payload")
        }
        if self.to != nil, self.filters.destination == nil {
            throw CommandFailure(
                code: "bad_option",
                message: "with --all, --to needs --destination: say whose letters go to another one"
            )
        }
        let (filters, other) = (self.filters, self.to)
        try await self.bulk.run(self.administration, self.output, verb: "replay", noun: "dead letters") {
            administration,
            connection in
            let filter = try filters.filter(states: DeadLetterState.unsettled, administration, &connection)
            return .replayDeadLetters(
                filter,
                to: try other.map { name in
                    try administration.destination(named: name, of: filter.organization, &connection).id
                }
            )
        }
    }

    private func replay(_ letters: [DeadLetterID]) async throws {
        let payload = try self.payload.map(InputFile.read)
        if payload != nil, letters.count != 1 {
            throw CommandFailure(code: "bad_option", message: "--payload is for one dead letter")
        }
        let (isDryRun, asJSON, other) = (self.bulk.dryRun, self.output.json, self.to)
        let retries = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            var retries: [(DeadLetterID, RetryID?)] = []
            for letter in letters {
                guard let record = try DeadLetterReader.find(letter, &connection, within: limit) else {
                    throw ConfigurationError.review(.notFound(letter))
                }
                try Self.check(payload, for: record)
                let destination = try other.map { name in
                    try administration.destination(named: name, of: record.listing.organization, &connection).id
                }
                let retry =
                    isDryRun
                    ? nil
                    : try administration.replay(
                        letter,
                        payload: payload,
                        to: destination,
                        &connection,
                        within: limit
                    )
                retries.append((letter, retry))
                // At once: the next one may be refused, and this one is on its way.
                if !asJSON {
                    Terminal.say(retry.map { "\(letter) is queued: retry \($0)" } ?? "\(letter) would be queued")
                }
            }
            return retries
        }
        if !asJSON { return }
        var writer = JSONWriter()
        writer.beginArray()
        for (letter, retry) in retries {
            writer.beginObject()
            writer.member("id", string: letter.description)
            writer.member("retry", string: retry?.description)
            writer.member("dry_run", boolean: isDryRun)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }

    /// Refuses what could not be sent as an event's data; a delivery that is normalized again may be anything.
    private static func check(_ payload: [UInt8]?, for letter: DeadLetterRecord) throws {
        guard let payload, letter.attributes != nil else { return }
        do throws(JSONError) {
            _ = try JSONDocument(bytes: payload)
        } catch {
            throw CommandFailure(
                code: "malformed_payload",
                message: "the data of an event is JSON, and the file is not: \(error)"
            )
        }
    }
}
