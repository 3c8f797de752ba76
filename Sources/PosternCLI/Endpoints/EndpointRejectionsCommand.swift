internal import ArgumentParser
internal import PosternGateway
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern endpoint rejections`.
struct EndpointRejectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejections",
        abstract: "Show requests that an endpoint refused, the newest first.",
        discussion: """
            Gateways keep samples: the newest \(RejectionLog.keptPerEndpoint) of an endpoint, without bodies and \
            without headers that carry a secret.

            Example: postern endpoint rejections abcdefghijklmnopqrstuvwxyz --headers
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @Option(help: "At most how many.") var limit = 20
    @Flag(help: "Show the requests' headers, too.") var headers = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard (1...RejectionLog.keptPerEndpoint).contains(self.limit) else {
            throw CommandFailure(
                code: "bad_option",
                message: "--limit is \(self.limit), must be 1 to \(RejectionLog.keptPerEndpoint)"
            )
        }
        let reference = self.endpoint
        let count = self.limit
        let records = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let endpoint = try administration.endpoint(reference, &connection, within: limit).endpoint
            return try RejectionReader.read(endpoint.id, limit: count, &connection, within: limit)
        }
        if self.output.json { Self.printJSON(records) } else { self.printText(records) }
    }

    private func printText(_ records: [RejectionRecord]) {
        guard !records.isEmpty else {
            print("no refused request is remembered")
            return
        }
        if self.headers {
            for record in records {
                print(
                    "\(record.at)  \(record.reason)  \(PrintableText.escape(record.address))  \(PrintableText.escape(record.method))"
                )
                for line in Self.lines(record) { print("  \(PrintableText.escape(line))") }
            }
        } else {
            var table = TextTable("WHEN", "REASON", "ADDRESS", "METHOD")
            for record in records {
                table.add(
                    "\(record.at)",
                    record.reason,
                    PrintableText.escape(record.address),
                    PrintableText.escape(record.method)
                )
            }
            print(table.text)
        }
        print("")
        for reason in Set(records.map(\.reason)).sorted() {
            guard let step = Self.nextStep(after: reason) else { continue }
            print("\(reason): \(step)")
        }
    }

    private static func printJSON(_ records: [RejectionRecord]) {
        var writer = JSONWriter()
        writer.beginArray()
        for record in records {
            writer.beginObject()
            writer.member("id", string: record.id.description)
            writer.member("at", string: record.at.description)
            writer.member("reason", string: record.reason)
            writer.member("suggested_action", string: Self.nextStep(after: record.reason))
            writer.member("address", string: record.address)
            writer.member("method", string: record.method)
            writer.name("headers")
            writer.beginArray()
            for line in Self.lines(record) { writer.string(line) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }

    /// `name: value`, a line each; the first is `:target: …`.
    private static func lines(_ record: RejectionRecord) -> [String] {
        record.headers.split(separator: UInt8(ascii: "\n")).map { line in String(decoding: line, as: UTF8.self) }
    }

    /// What a refusal's code means for the operator; `nil` for a code of another version.
    private static func nextStep(after code: String) -> String? {
        Rejection.allCases.first { rejection in rejection.code == code }?.suggestedAction
    }
}
