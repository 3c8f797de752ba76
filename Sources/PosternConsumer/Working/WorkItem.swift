internal import PosternStore

/// A delivery or a retry with what its body gave.
struct WorkItem: Sendable {
    /// Where the delivery comes from.
    enum Origin: Sendable {
        case log(StoredDelivery)
        case queue(DueRetry)

        /// What was posted.
        var content: DeliveryContent {
            switch self {
            case .log(let delivery): delivery.content
            case .queue(let retry): retry.content
            }
        }
    }

    let origin: Origin
    var normalization: Normalization
    let endpoint: RoutedEndpoint

    /// What was posted.
    var content: DeliveryContent { self.origin.content }
}
