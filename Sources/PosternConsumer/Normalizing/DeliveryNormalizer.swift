package import PosternStore

/// Turns deliveries into events.
///
/// Called from several tasks at once; must not block. Never throws: whatever is wrong with a delivery is part of the
/// answer, so that no delivery stops its lane.
package protocol DeliveryNormalizer: Sendable {
    /// Reads one delivery.
    ///
    /// - Parameters:
    ///   - content: what was stored.
    ///   - parameters: the endpoint's settings.
    /// - Returns: events, or why there are none.
    func normalize(_ content: DeliveryContent, parameters: [String: String]) -> Normalization
}
