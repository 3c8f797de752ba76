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
    private let logger: Logger

    /// Compiles for the platforms of `catalog`.
    package init(catalog: PlatformCatalog, metrics: GatewayMetrics, logger: Logger) {
        self.platforms = Dictionary(
            uniqueKeysWithValues: catalog.all.map { platform in
                (platform.name, ServedPlatform(platform, metrics: metrics[platform.name]))
            }
        )
        self.logger = logger
    }

    /// Compiles all records; one whose record did not change keeps the entry it has in `old`.
    package func directory(_ records: [EndpointRecord], replacing old: EndpointDirectory) -> EndpointDirectory {
        EndpointDirectory(
            records.map { record in
                if let entry = old.entry(platform: record.platform, key: record.key), entry.record == record {
                    return entry
                }
                return self.entry(record)
            }
        )
    }

    /// Compiles one record.
    package func entry(_ record: EndpointRecord) -> EndpointEntry {
        let secrets = record.secrets.map { secret in (id: secret.id, kind: secret.kind, secret: secret.secret) }
        guard let served = self.platforms[record.platform] else {
            self.complain(record, "this gateway has no definition of the platform \(record.platform)")
            return EndpointEntry(record: record, platform: nil, verifier: nil, handshakeSecrets: nil)
        }
        guard let name = SchemeName(record.scheme), let scheme = served.platform.scheme(named: name) else {
            self.complain(record, "the platform \(record.platform) has no scheme \(record.scheme)")
            return EndpointEntry(record: record, platform: served, verifier: nil, handshakeSecrets: nil)
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
                handshakeSecrets: handshakeSecrets
            )
        } catch {
            self.complain(record, "\(error)")
            return EndpointEntry(record: record, platform: served, verifier: nil, handshakeSecrets: handshakeSecrets)
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
