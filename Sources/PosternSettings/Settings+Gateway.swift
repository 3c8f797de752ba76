internal import NIOCore
package import PosternGateway
internal import PosternHTTP
internal import PosternRedis

extension Settings {
    /// The address the gateway listens on unless told otherwise.
    private static let defaultHost = "127.0.0.1"
    private static let defaultPort = 8080

    /// What platforms see in front of the path: configured, or the address the gateway listens on.
    package var publicOrigin: String {
        self.text("publicUrl").map(Self.withoutSlash) ?? self.listeningOrigin
    }

    /// The address the gateway itself listens on, for whoever asks from this machine.
    package var listeningOrigin: String {
        "http://\(self.text("gateway.host") ?? Self.defaultHost):\(self.text("gateway.port") ?? String(Self.defaultPort))"
    }

    /// Everything the gateway can be told; see `deploy/postern.yaml` for the meaning of each key.
    ///
    /// - Throws: ``SettingsError/badValue(key:reason:)``.
    package func gateway(database: String, identity: String) throws(SettingsError) -> GatewayConfiguration {
        let host = self.text("gateway.host") ?? Self.defaultHost
        let port = try self.integer("gateway.port", in: 0...65_535, default: Self.defaultPort)
        var gateway = GatewayConfiguration(database: database, address: .tcp(host: host, port: port))
        gateway.identity = identity
        gateway.publicOrigin = self.text("publicUrl").map(Self.withoutSlash)
        gateway.server.sharesPort = try self.boolean("gateway.sharesPort", default: gateway.server.sharesPort)
        gateway.loops = try self.integer("gateway.loops", in: 1...64, default: gateway.loops)
        gateway.writers = try self.integer("gateway.writers", in: 1...8, default: gateway.writers)
        gateway.batchRows = try self.integer("gateway.batchRows", in: 1...256, default: gateway.batchRows)
        gateway.queueRows = try self.integer("gateway.queueRows", in: 1...1_000_000, default: gateway.queueRows)
        gateway.queueBytes = try self.integer("gateway.queueBytes", in: 65_536...(4 << 30), default: gateway.queueBytes)
        gateway.heldBytes = try self.integer(
            "gateway.bodyBytes",
            in: 1_048_576...(64 << 30),
            default: gateway.heldBytes
        )
        gateway.redis = try self.redis("gateway.redis")
        gateway.commitTimeout = try self.duration(
            "gateway.commitTimeoutSeconds",
            secondsIn: 0.1...120,
            default: gateway.commitTimeout
        )
        gateway.directoryPoll = try self.duration(
            "gateway.directoryPollSeconds",
            secondsIn: 1...3600,
            default: gateway.directoryPoll
        )
        gateway.shutdownLimit = try self.duration(
            "gateway.shutdownSeconds",
            secondsIn: 0.1...600,
            default: gateway.shutdownLimit
        )
        try self.apply(to: &gateway.server)
        return gateway
    }

    private func apply(to server: inout HTTPServerConfiguration) throws(SettingsError) {
        var limits = server.limits
        limits.connections = try self.integer("gateway.connections", in: 1...1_000_000, default: limits.connections)
        let perAddress = try self.integer(
            "gateway.connectionsPerAddress",
            in: 0...1_000_000,
            default: limits.connectionsPerAddress ?? 0
        )
        // 0 switches the cap off: behind a proxy all connections come from one address.
        limits.connectionsPerAddress = perAddress == 0 ? nil : perAddress
        limits.headerBytes = try self.integer("gateway.headerBytes", in: 1024...65_536, default: limits.headerBytes)
        limits.headerCount = try self.integer("gateway.headerCount", in: 10...1000, default: limits.headerCount)
        server.limits = limits
        server.trustedProxies = try self.networks("gateway.trustedProxies")
        if let field = self.text("gateway.forwardedField") {
            guard let known = ForwardedField(rawValue: field) else {
                let names = ForwardedField.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badValue(key: "gateway.forwardedField", reason: "is '\(field)', must be one of \(names)")
            }
            server.forwardedField = known
        }
        server.proxyProtocol = try self.boolean("gateway.proxyProtocol", default: server.proxyProtocol)
        var deadlines = server.deadlines
        deadlines.head = try self.amount("gateway.headSeconds", default: deadlines.head)
        deadlines.body = try self.amount("gateway.bodySeconds", default: deadlines.body)
        deadlines.idle = try self.amount("gateway.idleSeconds", default: deadlines.idle)
        server.deadlines = deadlines
    }

    private func redis(_ key: String) throws(SettingsError) -> RedisAddress? {
        guard let text = self.text(key) else { return nil }
        do throws(RedisError) {
            return try RedisAddress(text)
        } catch {
            throw .badValue(key: key, reason: "cannot be used: \(error)")
        }
    }

    /// A list of networks, comma-separated: `10.0.0.0/8,2001:db8::/32`; none when it is not set.
    func networks(_ key: String) throws(SettingsError) -> NetworkSet {
        var prefixes: [NetworkPrefix] = []
        for part in (self.text(key) ?? "").split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let prefix = NetworkPrefix(text: part) else {
                throw .badValue(key: key, reason: "holds '\(part)', must be networks like 10.0.0.0/8, with commas")
            }
            prefixes.append(prefix)
        }
        return NetworkSet(prefixes)
    }

    private func amount(_ key: String, default fallback: TimeAmount) throws(SettingsError) -> TimeAmount {
        TimeAmount(
            try self.duration(key, secondsIn: 0.1...3600, default: .nanoseconds(fallback.nanoseconds))
        )
    }

    private static func withoutSlash(_ url: String) -> String {
        url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
