internal import Synchronization

/// The bytes of bodies in memory, of all connections together, bounded and fairly shared.
///
/// Any thread. An organization may hold as much as is free: alone it gets half, two get a third each, and there is
/// always room for one more. What arrives is counted, not what is announced, so a slow sender holds little.
///
/// Source: A. Choudhury and E. Hahne, "Dynamic queue length thresholds for shared-memory packet switches" (1998).
package final class HeldBytes: Sendable {
    private let limit: Int
    private let held = Atomic<Int>(0)

    /// Makes an empty account.
    package init(limit: Int) { self.limit = limit }

    /// Bytes held now.
    package var count: Int { self.held.load(ordering: .relaxed) }

    /// Whether a request of the organization may begin.
    package func mayBegin(_ share: OrganizationShare?) -> Bool {
        let free = self.limit - self.count
        return (share?.heldBytes.load(ordering: .relaxed) ?? 0) < free
    }

    /// Adds bytes that arrived; `false` when they do not fit, or would be more than the organization may hold, and then
    /// nothing is added.
    ///
    /// Without a share: a request whose endpoint is not known yet.
    package func take(_ bytes: Int, _ share: OrganizationShare?) -> Bool {
        let before = self.held.wrappingAdd(bytes, ordering: .relaxed).oldValue
        let own = share?.heldBytes.load(ordering: .relaxed) ?? 0
        guard own + bytes <= self.limit - before else {
            self.held.wrappingSubtract(bytes, ordering: .relaxed)
            return false
        }
        share?.heldBytes.wrappingAdd(bytes, ordering: .relaxed)
        return true
    }

    /// Gives bytes back.
    package func release(_ bytes: Int, _ share: OrganizationShare?) {
        self.held.wrappingSubtract(bytes, ordering: .relaxed)
        share?.heldBytes.wrappingSubtract(bytes, ordering: .relaxed)
    }
}
