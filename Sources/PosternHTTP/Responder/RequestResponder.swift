package import NIOCore

/// The application behind the server: decides about heads, takes bodies, answers.
///
/// There is one instance for each event loop, made on that loop; every call comes on it, and none may block. For each
/// request the calls are: `begin`; if that returned `.read`, any number of `received`, then `complete`; and at most one
/// `aborted`, after which (as after the answer) no further call about that request comes.
package protocol RequestResponder: AnyObject {
    /// Decides about a request from its head alone.
    func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision

    /// Takes the next bytes of the body. The server keeps no copy.
    func received(_ chunk: ByteBuffer, exchange: Exchange)

    /// Learns that the body is complete; the answer is due now or later on the same loop.
    func complete(_ exchange: Exchange)

    /// Learns that a request it took ended without its answer; ``Exchange/state`` is still there during the call.
    func aborted(_ exchange: Exchange, reason: AbortReason)

    /// Gives the answer for a refusal of the server's own, so that an application can word it.
    func answer(for refusal: Refusal) -> PreparedAnswer
}

extension RequestResponder {
    /// Answers refusals in the server's own words.
    package func answer(for refusal: Refusal) -> PreparedAnswer { refusal.preparedAnswer }
}
