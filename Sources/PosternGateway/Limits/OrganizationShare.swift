internal import Synchronization

/// What one organization's requests keep in this gateway's memory.
package final class OrganizationShare: Sendable {
    /// The organization's number in this gateway, dense from 0: its place in the commit queue's table.
    package let index: Int
    /// Bytes of bodies that are being received or wait for their commit.
    let heldBytes = Atomic<Int>(0)

    /// Makes an empty share.
    package init(index: Int) { self.index = index }
}
