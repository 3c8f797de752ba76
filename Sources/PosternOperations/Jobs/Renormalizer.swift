package import PosternStore

/// Reads deliveries with the present definitions, for jobs that do it once more.
///
/// Called from several threads at once.
package protocol Renormalizer: Sendable {
    /// Reads one delivery.
    func renormalize(_ content: DeliveryContent, parameters: [String: String]) -> RenormalizedDelivery
}
