package import Logging
internal import PosternCrypto
internal import PosternModel
package import PosternPlatforms
package import PosternStore
package import PosternTelemetry

/// Makes entries out of records: finds the platform, keys the secrets.
///
/// Not on an event loop: keying costs microseconds per secret.
package struct DirectoryCompiler: Sendable {
    private let platforms: [PlatformName: ServedPlatform]
    private let limits: LimitBook
    private let logger: Logger

    /// Compiles for the platforms of `catalog`; the entries share the budgets of `limits`.
    package init(catalog: PlatformCatalog, metrics: GatewayMetrics, limits: LimitBook, logger: Logger) {
        self.limits = limits
        self.platforms = Dictionary(
            uniqueKeysWithValues: catalog.all.map { platform in
                (platform.name, ServedPlatform(platform, metrics: metrics[platform.name]))
            }
        )
        self.logger = logger
    }

    /// Compiles everything that was read; an endpoint that did not change keeps the entry it has in `old`.
    ///
    /// Puts the limits in force, too.
    package func directory(_ contents: DirectoryContents, replacing old: EndpointDirectory) -> EndpointDirectory {
        self.limits.adopt(contents, isComplete: true)
        return EndpointDirectory(
            contents.endpoints.map { record in
                if let entry = old.entry(platform: record.platform, key: record.key), entry.record == record,
                    entry.budgets === self.limits.budgets(of: record.id)
                {
                    return entry
                }
                return self.compile(record)
            }
        )
    }

    /// Compiles the one endpoint that was asked for; `nil` when there is none.
    package func entry(_ contents: DirectoryContents) -> EndpointEntry? {
        self.limits.adopt(contents, isComplete: false)
        return contents.endpoints.first.map(self.compile)
    }

    private func compile(_ record: EndpointRecord) -> EndpointEntry {
        let budgets = self.limits.budgets(of: record.id)
        let secrets = record.secrets.map { secret in (id: secret.id, kind: secret.kind, secret: secret.secret) }
        guard let served = self.platforms[record.platform] else {
            self.complain(record, "this gateway has no definition of the platform \(record.platform)")
            return EndpointEntry(record: record, platform: nil, verifier: nil, handshakeSecrets: nil, budgets: budgets)
        }
        guard let name = SchemeName(record.scheme), let scheme = served.platform.scheme(named: name) else {
            self.complain(record, "the platform \(record.platform) has no scheme \(record.scheme)")
            return EndpointEntry(
                record: record,
                platform: served,
                verifier: nil,
                handshakeSecrets: nil,
                budgets: budgets
            )
        }
        let handshakeSecrets = self.handshakeSecrets(record, secrets)
        do {
            let verifier = try Verifier(
                scheme: scheme,
                platform: served.platform,
                secrets: secrets,
                parameters: record.parameters,
                tolerance: record.toleranceSeconds.map { seconds in .seconds(Int(seconds)) } ?? .platform
            )
            return EndpointEntry(
                record: record,
                platform: served,
                verifier: verifier,
                handshakeSecrets: handshakeSecrets,
                budgets: budgets
            )
        } catch {
            self.complain(record, "\(error)")
            return EndpointEntry(
                record: record,
                platform: served,
                verifier: nil,
                handshakeSecrets: handshakeSecrets,
                budgets: budgets
            )
        }
    }

    private func handshakeSecrets(
        _ record: EndpointRecord,
        _ secrets: [(id: SecretID, kind: String, secret: Secret)]
    ) -> HandshakeSecrets? {
        do {
            return try HandshakeSecrets(secrets: secrets, parameters: record.parameters)
        } catch {
            self.complain(record, "its secrets cannot be used for handshakes: \(error)")
            return nil
        }
    }

    private func complain(_ record: EndpointRecord, _ reason: String) {
        self.logger.error(
            "endpoint cannot be served",
            metadata: .keys([.endpoint: "\(record.id)", .reason: "\(reason)"])
        )
    }
}
