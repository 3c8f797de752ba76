internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern endpoint configure`.
struct EndpointConfigureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure",
        abstract: "Set an endpoint's own limit, the networks it takes requests from, and its quarantine.",
        discussion: """
            What is not given stays as it is. Running gateways take it over at once. The networks given replace those \
            there were. Quarantine keeps the exact bytes of requests that fail verification, sealed; after the secret \
            is corrected 'postern endpoint reverify' lets in those that were right.

            Examples:
              postern endpoint configure abcdefghijklmnopqrstuvwxyz --requests-per-minute 300 --burst 50
              postern endpoint configure abcdefghijklmnopqrstuvwxyz --allow-network 192.0.2.0/24
              postern endpoint configure abcdefghijklmnopqrstuvwxyz --quarantine-bytes 10485760 --quarantine-hours 48
              postern endpoint configure abcdefghijklmnopqrstuvwxyz --no-limit --allow-any --no-quarantine
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @OptionGroup var options: EndpointChangeOptions
    @Flag(help: "Take its own limit away: that of all endpoints holds.") var noLimit = false
    @Flag(help: "Take requests from anywhere.") var allowAny = false
    @Flag(help: "Keep nothing more; what is kept stays until its time is up.") var noQuarantine = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.endpoint
        let change: @Sendable (EndpointRecord?) throws -> EndpointChange = {
            [options, noLimit, allowAny, noQuarantine] endpoint in
            try options.change(of: endpoint, noLimit: noLimit, allowAny: allowAny, noQuarantine: noQuarantine)
        }
        // Before the database is asked: what cannot be meant is said at once.
        if self.options.quarantineHours == nil, try change(nil) == EndpointChange() {
            throw CommandFailure(
                code: "nothing_to_change",
                message: "say what to change; see 'postern endpoint configure --help'"
            )
        }
        let endpoint = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let endpoint = try administration.endpoint(reference, &connection, within: limit).endpoint
            let change = try change(endpoint)
            try administration.configureEndpoint(endpoint.id, change, &connection, within: limit)
            return try administration.endpoint("\(endpoint.id)", &connection, within: limit).endpoint
        }
        guard self.output.json else {
            print("endpoint \(endpoint.name) (\(endpoint.platform))")
            let own =
                endpoint.requestsPerMinute == nil ? "that of all endpoints" : endpoint.limit(default: .unlimited).text
            print("  limit       \(own)")
            print("  networks    \(endpoint.allowedNetworks?.joined(separator: ", ") ?? "any")")
            let kept = endpoint.quarantineBytes.map { bytes in "\(bytes) bytes, \(endpoint.quarantineHours) h" }
            print("  quarantine  \(kept ?? "off")")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: endpoint.id.description)
        writer.member("key", string: endpoint.key.text)
        writer.settings(of: endpoint)
        writer.endObject()
        print(writer.text)
    }
}
