internal import Synchronization

/// Cancels, from any thread, what a connection is doing.
///
/// Never blocks: the connection's own thread wakes up and tells the server. The call that runs then throws
/// ``PostgresError/deadline(_:)``; when none runs, the next one does. ``Connection/notifications(within:)`` returns.
package struct CancelHandle: Sendable {
    /// What the connection's thread looks at.
    let signal: CancelSignal

    /// Cancels the running call, or the next one when none runs.
    package func cancel() { self.signal.request() }
}

/// The flag behind a ``CancelHandle`` and the bell that makes a waiting thread look at it.
final class CancelSignal: Sendable {
    /// The bell; it may also ring for other reasons.
    let wakeup: Wakeup
    private let isRequested = Atomic<Bool>(false)

    /// Makes a signal that nobody has raised.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` when the process has no descriptors left.
    init() throws(PostgresError) { self.wakeup = try Wakeup() }

    /// Raises the flag and rings.
    func request() {
        self.isRequested.store(true, ordering: .releasing)
        self.wakeup.ring()
    }

    /// Takes the flag down; says whether it was up.
    func consume() -> Bool { self.isRequested.exchange(false, ordering: .acquiringAndReleasing) }
}
