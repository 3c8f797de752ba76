package import NIOCore

/// How long each part of an exchange may take.
package struct ConnectionDeadlines: Equatable, Sendable {
    /// From the connection's opening, or the first byte of a later head, to the head's end.
    ///
    /// A PROXY header before the first head has no time of its own.
    package var head: TimeAmount = .seconds(10)
    /// From the head's end to the body's end.
    ///
    /// A flat time and no minimum rate: memory is taken as bytes arrive, so a sender holds what it has paid to send,
    /// and for no longer than this. A rate would hit the honest sender on a bad line first; who wants to hold memory
    /// sends fast and then stalls, with any average.
    package var body: TimeAmount = .seconds(30)
    /// From the body's end to the responder's answer.
    package var responder: TimeAmount = .seconds(30)
    /// From an answer to the first byte of the next head.
    package var idle: TimeAmount = .seconds(75)
    /// From an answer to its last byte being taken by the peer's side.
    package var write: TimeAmount = .seconds(10)
    /// How long a closing connection still reads, so that the peer can read the last answer.
    package var linger: TimeAmount = .seconds(2)

    /// Makes the default deadlines.
    package init() {}

    /// The shortest of the deadlines a living connection can be under.
    var shortest: TimeAmount { min(self.head, self.body, self.responder, self.idle, self.write) }
}
