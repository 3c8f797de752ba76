/// Why a request the responder had taken ended without its answer.
package enum AbortReason: Hashable, Sendable {
    /// The peer closed the connection, or it broke.
    case disconnected
    /// The server answered with this refusal itself.
    case refused(Refusal)
    /// The server closed the connection because its shutdown deadline passed.
    case shutdown
}
