/// A running gateway or consumer.
struct Server: Sendable {
    let process: Program
    /// The port platforms post to; 0 for a consumer.
    let port: Int
    /// The port of health, stats and metrics.
    let statusPort: Int
}

extension Scenario {
    /// Starts a gateway and waits until it can commit.
    ///
    /// `port`: 0 lets the system choose.
    func gateway(port: Int = 0, settings: [String: String] = [:]) async throws -> Server {
        let process = try self.launch(
            ["gateway"],
            settings: settings.merging(["POSTERN_GATEWAY_PORT": String(port)]) { _, new in new }
        )
        let status = try await Self.address(in: process, after: "status server listening address=127.0.0.1:")
        let port = try await Self.address(in: process, after: "gateway listening address=127.0.0.1:")
        let server = Server(process: process, port: port, statusPort: status)
        try await server.becomesReady()
        return server
    }

    /// Starts a consumer and waits until it serves its status.
    func consumer(settings: [String: String] = [:]) async throws -> Server {
        let process = try self.launch(["consumer"], settings: settings)
        let status = try await Self.address(in: process, after: "status server listening address=127.0.0.1:")
        return Server(process: process, port: 0, statusPort: status)
    }

    /// The port that a process logs behind `words`.
    private static func address(in process: Program, after words: String) async throws -> Int {
        try await eventually("the log says \(words)") {
            if let ending = process.ending {
                throw ScenarioFailure("the process ended at once, \(ending): \(process.errorText)")
            }
            guard let range = process.errorText.firstRange(of: words) else { return nil }
            return Int(process.errorText[range.upperBound...].prefix { $0.isNumber })
        }
    }
}

extension Server {
    /// Waits until the public port says that deliveries can be committed.
    func becomesReady(within limit: Duration = .seconds(30)) async throws {
        try await eventually("the gateway is ready", within: limit) {
            try await HTTPRequest.get("/health/ready", from: self.port).status == 200
        }
    }
}
