package import PosternStore

/// Normalizes a delivery once more to learn which events it holds.
///
/// The platforms' definitions know; whoever starts the accounting brings them.
package protocol KeyDerivation: Sendable {
    /// Reads one delivery; must not throw: what is wrong with it is part of the answer.
    ///
    /// - Parameters:
    ///   - content: what was stored.
    ///   - parameters: the endpoint's settings.
    /// - Returns: its keys, or why there are none.
    func keys(of content: DeliveryContent, parameters: [String: String]) -> DerivedKeys
}
