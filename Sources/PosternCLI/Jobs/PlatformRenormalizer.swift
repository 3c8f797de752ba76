internal import PosternConsumer
internal import PosternModel
internal import PosternOperations
internal import PosternPlatforms
internal import PosternStore

/// Lets jobs normalize as the consumer does.
struct PlatformRenormalizer: Renormalizer {
    private let normalizer: PlatformNormalizer

    /// Takes the definitions to go by.
    init(_ catalog: PlatformCatalog) { self.normalizer = PlatformNormalizer(catalog) }

    func renormalize(_ content: DeliveryContent, parameters: [String: String]) -> RenormalizedDelivery {
        switch self.normalizer.normalize(content, parameters: parameters) {
        case .permanent(let reason, let detail, _), .transient(let reason, let detail):
            .failed(reason: "\(reason): \(detail)")
        case .events(let normalized, _, let version):
            .events(
                normalized.events.map { event in
                    RenormalizedDelivery.Event(
                        type: event.type,
                        subject: event.subject,
                        account: event.account,
                        time: event.time,
                        key: event.key,
                        data: event.data
                    )
                },
                definitionVersion: version
            )
        }
    }
}
