package import NIOCore

/// Learns what happens on a server's connections, to count it.
///
/// Calls come on event loops, many at once, and must not block.
package protocol HTTPServerObserver: Sendable {
    /// A connection was taken.
    func connectionOpened()
    /// A connection was refused: ``Refusal/tooManyConnections`` or ``Refusal/tooManyConnectionsFromAddress``.
    func connectionRefused(_ refusal: Refusal)
    /// A connection that had been taken ended.
    func connectionClosed(_ end: ConnectionEnd)
    /// The server itself refused a request; the answer is reported by `requestAnswered` as well.
    func requestRefused(_ refusal: Refusal)
    /// An answer was written; `duration` runs from the end of the head (zero when there was no head).
    func requestAnswered(status: Int, duration: TimeAmount)
}

extension HTTPServerObserver {
    package func connectionOpened() {}
    package func connectionRefused(_ refusal: Refusal) {}
    package func connectionClosed(_ end: ConnectionEnd) {}
    package func requestRefused(_ refusal: Refusal) {}
    package func requestAnswered(status: Int, duration: TimeAmount) {}
}
