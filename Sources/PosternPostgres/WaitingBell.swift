/// A bell that one thread waits for and any thread can ring, event loops included.
///
/// Rings before a wait are kept, and several count as one; a waiting thread costs nothing.
package final class WaitingBell: Sendable {
    private let wakeup: Wakeup

    /// Makes a silent bell.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` when the process has no descriptors left.
    package init() throws(PostgresError) { self.wakeup = try Wakeup() }

    /// Ends the present or the next wait; never blocks.
    package func ring() { self.wakeup.ring() }

    /// Waits until somebody rings; blocking, so connection threads only.
    ///
    /// - Parameter limit: how long at most, `nil` for as long as it takes.
    /// - Returns: whether it rang.
    package func wait(within limit: Duration?) -> Bool {
        self.wakeup.wait(until: limit.map { Deadline(within: $0) })
    }
}
