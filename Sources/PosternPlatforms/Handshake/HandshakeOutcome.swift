/// What to do with a request that is a handshake.
package enum HandshakeOutcome: Equatable, Sendable {
    /// Send this; `delivers` tells whether the request is also to be stored as a delivery.
    case answer(PlatformAnswer, delivers: Bool)
    /// Refuse with this status.
    case refuse(status: Int)
}
