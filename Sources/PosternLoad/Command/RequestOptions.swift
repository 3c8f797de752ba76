internal import ArgumentParser
internal import FoundationEssentials
internal import NIOCore
internal import PosternModel

/// What a run sends, and where to.
package struct RequestOptions: ParsableArguments {
    /// The name that stands for no platform at all.
    private static let noPlatform = "none"
    private static let mostBodyBytes = 32 << 20

    @Option(help: "Where to send: http://HOST:PORT/webhooks/…; several are used in turn.") var url: [String] = []
    @Option(help: "A file with more URLs, one a line.") var urlFile: String?
    @Option(help: "Whose requests to send; 'none' for plain, unsigned ones.") var platform = "github"
    @Option(help: "Which of the platform's schemes the endpoint uses; the default one unless said.")
    var scheme: String?
    @Option(help: "The environment variable with the endpoint's signing secret.")
    var secretEnv = "POSTERN_LOAD_SECRET"
    @Option(name: .customLong("parameter"), help: "A setting of the endpoint, NAME=VALUE. May be repeated.")
    var parameters: [String] = []
    @Option(help: "The public origin some platforms sign, if it is not the URL's: https://hooks.example.com")
    var origin: String?
    @Option(help: "Body sizes in bytes, used in turn: 1024,4096. 1024 unless --samples.") var bodyBytes: String?
    @Flag(help: "Send the platform's own samples in turn.") var samples = false
    @Option(help: "The share of requests that repeat an earlier one, 0 to 1.") var duplicates = 0.0
    @Option(help: "The share of requests with a wrong signature, 0 to 1.") var forgeries = 0.0

    package init() {}

    /// Duplicates and forgeries.
    ///
    /// - Throws: ``LoadFailure/badOption(_:)``.
    package func mix() throws(LoadFailure) -> RequestMix {
        for (option, share) in [("--duplicates", self.duplicates), ("--forgeries", self.forgeries)] {
            guard (0...1).contains(share) else { throw .badOption("\(option) \(share): a share is from 0 to 1") }
        }
        guard self.duplicates + self.forgeries <= 1 else {
            throw .badOption("--duplicates and --forgeries are more than all requests together")
        }
        return RequestMix(duplicates: self.duplicates, forgeries: self.forgeries)
    }

    /// Prepares the requests.
    ///
    /// Blocking: looks up names of hosts, and signs one request for each URL and body.
    ///
    /// - Throws: ``LoadFailure``.
    package func plan() throws(LoadFailure) -> LoadPlan {
        let bodies = try self.bodies()
        var urls: [TargetURL] = []
        for text in try self.allURLs() { urls.append(try TargetURL(text)) }
        guard !urls.isEmpty else { throw .badOption("--url: where to?") }
        var servers: [(authority: String, urls: [TargetURL])] = []
        var positions: [String: Int] = [:]
        for url in urls {
            if let position = positions[url.authority] {
                servers[position].urls.append(url)
            } else {
                positions[url.authority] = servers.count
                servers.append((url.authority, [url]))
            }
        }
        let now = Timestamp.now()
        let run = UniqueID.timeOrdered(at: now)
        var targets: [LoadTarget] = []
        for (authority, urls) in servers {
            let endpoint = try self.endpoint(authority)
            if self.forgeries > 0, endpoint?.canForge != true {
                throw .badOption("--forgeries: no secret proves these requests, so none can be forged")
            }
            let drafts = try DraftMaker(endpoint, target: urls[0].path, run: run, now: now).drafts(bodies)
            let requests = try TargetRequests(
                drafts,
                endpoint,
                paths: urls.map(\.path),
                authority: authority,
                forgeries: self.forgeries > 0,
                now: now
            )
            targets.append(LoadTarget(address: try Self.address(urls[0]), requests: requests))
        }
        return LoadPlan(targets: targets, bodies: bodies)
    }

    private func allURLs() throws(LoadFailure) -> [String] {
        guard let file = self.urlFile else { return self.url }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: file)) } catch {
            throw .badOption("--url-file \(file): \(error)")
        }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        return self.url + lines.map(String.init).filter { !$0.isEmpty }
    }

    private func bodies() throws(LoadFailure) -> BodyChoice {
        guard let text = self.bodyBytes else { return self.samples ? .samples : .sizes([1024]) }
        guard !self.samples else { throw .badOption("--body-bytes and --samples exclude each other") }
        var sizes: [Int] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let size = Int(word), (2...Self.mostBodyBytes).contains(size) else {
                throw .badOption("--body-bytes \(text): numbers from 2 to \(Self.mostBodyBytes), commas between them")
            }
            sizes.append(size)
        }
        return .sizes(sizes)
    }

    private func endpoint(_ authority: String) throws(LoadFailure) -> SigningEndpoint? {
        guard self.platform != Self.noPlatform else { return nil }
        var settings: [String: String] = [:]
        for pair in self.parameters {
            guard let mark = pair.firstIndex(of: "="), mark != pair.startIndex else {
                throw .badOption("--parameter \(pair): NAME=VALUE")
            }
            settings[String(pair[..<mark])] = String(pair[pair.index(after: mark)...])
        }
        let secret = ProcessInfo.processInfo.environment[self.secretEnv].flatMap { $0.isEmpty ? nil : Secret($0) }
        return try SigningEndpoint(
            platform: self.platform,
            scheme: self.scheme,
            secret: secret,
            parameters: settings,
            origin: self.origin ?? "http://\(authority)"
        )
    }

    private static func address(_ url: TargetURL) throws(LoadFailure) -> SocketAddress {
        do { return try SocketAddress.makeAddressResolvingHost(url.host, port: url.port) } catch {
            throw .badOption("--url: the host \(url.host) is not found: \(error)")
        }
    }
}
