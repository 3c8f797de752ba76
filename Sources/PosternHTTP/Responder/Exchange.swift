package import NIOCore

/// One request in progress and the way to answer it.
///
/// A value of two words that costs no allocation. Belongs to its connection's event loop: to take one through another
/// thread, wrap it in a `NIOLoopBound`. Calls on an exchange that has ended do nothing, so a late answer is harmless.
package struct Exchange {
    private let connection: HTTPConnection
    /// Counts the requests of one connection from 1.
    package let number: UInt64

    init(connection: HTTPConnection, number: UInt64) {
        self.connection = connection
        self.number = number
    }

    /// Whether an answer is still awaited.
    package var isOpen: Bool { self.connection.isOpen(self.number) }

    /// The responder's own object for this request; gone when the exchange has ended.
    package var state: AnyObject? {
        get { self.connection.state(of: self.number) }
        nonmutating set { self.connection.setState(newValue, of: self.number) }
    }

    /// The loop that all calls belong to.
    package var eventLoop: any EventLoop { self.connection.eventLoop }

    /// The address limits count, the same as ``RequestHead/peer``.
    ///
    /// While the exchange is open; once it has ended and its connection comes through a trusted proxy, the address may
    /// be that of the next request.
    package var peer: PeerAddress { self.connection.requestPeer }

    /// Answers the request.
    ///
    /// Only the first answer counts.
    package func answer(_ answer: PreparedAnswer) {
        self.connection.answer(answer, number: self.number) { _ in }
    }

    /// Answers the request with fields of its own, written straight into the outgoing bytes.
    package func answer(_ answer: PreparedAnswer, fields: (inout AnswerFields) -> Void) {
        self.connection.answer(answer, number: self.number, fields: fields)
    }
}
