internal import ArgumentParser
internal import PosternCrypto
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms
internal import PosternPostgres
internal import PosternSettings
internal import PosternStore

/// `postern send`: signs a request as the platform would, posts it, and shows the answer.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Sign and post a platform's sample, or a file, to an endpoint.",
        discussion: """
            The endpoint's newest signing secret and settings come from the database.

            Examples:
              postern send abcdefghijklmnopqrstuvwxyz
              postern send abcdefghijklmnopqrstuvwxyz --sample whatsapp-message
              postern send abcdefghijklmnopqrstuvwxyz --file body.json --header 'X-GitHub-Event: push'
              postern send abcdefghijklmnopqrstuvwxyz --forge      a wrong signature, to see it refused
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @Option(help: "Which of the platform's samples; the first one unless said.") var sample: String?
    @Option(help: "A file with the body, instead of a sample; '-' is standard input.") var file: String?
    @Option(name: .customLong("header"), help: "A header to add, 'Name: value'. May be repeated.") var headers:
        [String] = []
    @Option(help: "Where the gateway is: scheme, host and port.") var url: String?
    @Flag(help: "Sign with a wrong secret.") var forge = false
    @Flag(help: "List the platform's samples and send nothing.") var listSamples = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let settings = try await self.administration.process.settings()
        let keyring = try KeyFile.read(settings.keyFile(dataDirectory: self.administration.process.dataDirectory))
        let reference = self.endpoint
        let record = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let listing = try administration.endpoint(reference, &connection, within: limit)
            let contents = try DirectoryReader(opening: keyring).load(
                key: listing.endpoint.key,
                &connection,
                within: limit
            )
            guard let record = contents.endpoints.first else {
                throw CommandFailure(code: "endpoint_not_found", message: "the endpoint \(reference) is gone")
            }
            if let fault = contents.faults.first {
                throw CommandFailure(code: "secret_not_opened", message: "\(fault); is this the right key file?")
            }
            return record
        }
        guard let platform = try self.catalogOptions.catalog().platform(named: record.platform) else {
            throw CommandFailure(
                code: "unknown_platform",
                message: "this program has no definition of \(record.platform)"
            )
        }
        let samples = BuiltInSamples.samples(of: platform.name)
        if self.listSamples {
            for sample in samples { print(sample.name) }
            return
        }
        let origin = self.url.map { url in url.hasSuffix("/") ? String(url.dropLast()) : url } ?? settings.publicOrigin
        let draft = try self.draft(samples, platform: platform)
        let request = try Self.sign(
            SignedRequest(
                method: "POST",
                origin: origin,
                target: record.path,
                headers: draft.headers.filter { !Self.connectionHeaders.contains($0.name.lowercased()) }
                    + Self.lines(try HeaderText.parse(self.headers)),
                body: draft.body
            ),
            platform: platform,
            record: record,
            forged: self.forge
        )
        let answer = try await HTTPPost.send(request)
        // The endpoint's path: what is sent may have a token behind it.
        self.show(origin + record.path, request, answer)
        if !(200..<300).contains(answer.status) { throw ExitCode(1) }
    }

    /// What the HTTP client says itself.
    private static let connectionHeaders: Set<String> = ["host", "content-length", "connection", "accept-encoding"]

    /// Signs with the endpoint's own secret, or with a made-up one.
    private static func sign(
        _ request: SignedRequest,
        platform: Platform,
        record: EndpointRecord,
        forged: Bool
    ) throws -> SignedRequest {
        let scheme = try EndpointDraft.scheme(of: platform, named: record.scheme)
        let secrets = record.secrets.map { secret in
            (
                id: secret.id, kind: secret.kind,
                secret: forged && secret.kind == SecretKind.signing ? Secret(scheme.makeSecret()) : secret.secret
            )
        }
        do {
            let verifier = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: secrets,
                parameters: record.parameters
            )
            let now = Timestamp.now()
            return try Signer(verifier).sign(request, now: now, deliveryID: UniqueID.timeOrdered(at: now).description)
        } catch {
            throw CommandFailure(code: "not_signed", message: "the request cannot be signed: \(error)")
        }
    }

    private func draft(
        _ samples: [(name: String, request: SampleRequest)],
        platform: Platform
    ) throws -> (headers: [HeaderLine], body: [UInt8]) {
        if let file = self.file {
            // The content type of the platform's own requests, unless --header names another.
            let type = samples.first?.request.header("Content-Type") ?? "application/json"
            return ([HeaderLine(name: "Content-Type", value: type)], try InputFile.read(file))
        }
        guard let name = self.sample else {
            guard let first = samples.first else {
                throw CommandFailure(
                    code: "no_sample",
                    message: "\(platform.name) has no samples; give a body with --file"
                )
            }
            return (Self.lines(first.request.headers), first.request.body)
        }
        guard let sample = samples.first(where: { sample in sample.name == name }) else {
            throw CommandFailure(
                code: "unknown_sample",
                message: "\(platform.name) has no sample '\(name)', only \(samples.map(\.name).joined(separator: ", "))"
            )
        }
        return (Self.lines(sample.request.headers), sample.request.body)
    }

    private static func lines(_ headers: [(name: String, value: String)]) -> [HeaderLine] {
        headers.map { header in HeaderLine(name: header.name, value: header.value) }
    }

    private func show(_ url: String, _ request: SignedRequest, _ answer: HTTPPost.Answer) {
        guard self.output.json else {
            print("POST \(url)  \(request.body.count) bytes")
            print("\(answer.status) in \(answer.milliseconds) ms")
            for (name, value) in answer.headers.sorted(by: { $0.name < $1.name })
            where name.lowercased().hasPrefix("postern") || name.lowercased() == "retry-after" {
                print("\(name): \(value)")
            }
            if !answer.body.isEmpty { print(String(decoding: answer.body, as: UTF8.self)) }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("url", string: url)
        writer.member("status", integer: Int64(answer.status))
        writer.member("milliseconds", integer: Int64(answer.milliseconds))
        writer.name("headers")
        writer.beginObject()
        for (name, value) in answer.headers { writer.member(name, string: value) }
        writer.endObject()
        writer.member("body", string: String(decoding: answer.body, as: UTF8.self))
        writer.endObject()
        print(writer.text)
    }
}
