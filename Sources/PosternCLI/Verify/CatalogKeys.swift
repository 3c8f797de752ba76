internal import PosternConsumer
internal import PosternCrypto
internal import PosternModel
internal import PosternOperations
internal import PosternPlatforms
internal import PosternStore

/// Learns the keys of a delivery's events as the consumer does.
struct CatalogKeys: KeyDerivation {
    private let normalizer: PlatformNormalizer

    /// Goes by these definitions.
    init(_ catalog: PlatformCatalog) { self.normalizer = PlatformNormalizer(catalog) }

    func keys(of content: DeliveryContent, parameters: [String: String]) -> DerivedKeys {
        switch self.normalizer.normalize(content, parameters: parameters) {
        case .events(let normalized, _, let version):
            do throws(CryptoError) {
                var keys: [AccountedKey] = []
                keys.reserveCapacity(normalized.events.count)
                for event in normalized.events {
                    keys.append(try AccountedKey(of: content, account: event.account, key: event.key))
                }
                return .events(keys, definitionVersion: version)
            } catch {
                return .unknown
            }
        case .permanent(let reason, _, let version): return .failed(reason: reason, definitionVersion: version)
        case .transient: return .unknown
        }
    }
}
