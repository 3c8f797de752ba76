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
            is resolved when that goes well, and open with the new reason when it does not.

            Examples:
              postern deadletter replay 0198c0de-0000-7000-8000-000000000001
              postern deadletter replay 0198c0de-0000-7000-8000-000000000001 --payload fixed.json
              postern deadletter replay --all --org acme --reason http_5xx --dry-run
            """
    )

    @Argument(help: "Their ids.") var ids: [String] = []
    @Option(help: "Send what this file holds in place of the payload ('-': standard input); the original is kept.")
    var payload: String?
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
        let filters = self.filters
        try await self.bulk.run(self.administration, self.output, verb: "replay", noun: "dead letters") {
            administration,
            connection in
            .replayDeadLetters(
                try filters.filter(states: DeadLetterState.unsettled, administration, &connection)
            )
        }
    }

    private func replay(_ letters: [DeadLetterID]) async throws {
        let payload = try self.payload.map(InputFile.read)
        if payload != nil, letters.count != 1 {
            throw CommandFailure(code: "bad_option", message: "--payload is for one dead letter")
        }
        let (isDryRun, asJSON) = (self.bulk.dryRun, self.output.json)
        let retries = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            var retries: [(DeadLetterID, RetryID?)] = []
            for letter in letters {
                guard let record = try DeadLetterReader.find(letter, &connection, within: limit) else {
                    throw ConfigurationError.review(.notFound(letter))
                }
                try Self.check(payload, for: record)
                let retry =
                    isDryRun
                    ? nil : try administration.replay(letter, payload: payload, &connection, within: limit)
                retries.append((letter, retry))
                // At once: the next one may be refused, and this one is on its way.
                if !asJSON {
                    Terminal.say(retry.map { "\(letter) is on its way: retry \($0)" } ?? "\(letter) would be replayed")
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

    /// Refuses what could not be sent as an event's data; the body of an original request may be anything.
    private static func check(_ payload: [UInt8]?, for letter: DeadLetterRecord) throws {
        guard let payload, letter.attributes != nil, letter.headers.isEmpty else { return }
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
