/// Why a client got no answer.
enum HTTPFault: Error, Hashable, Sendable {
    /// Nobody listens.
    case refused
    /// The server closed in order, without one byte of an answer: the sender knows that it must send again.
    case closed
    /// The connection was reset before an answer.
    case reset
    /// The connection ended within an answer.
    case truncated
    /// Nothing came for as long as the client waits.
    case silence
    /// What came is not HTTP/1.1 as this client reads it.
    case malformed(String)
    /// The system refused a call.
    case system(Int32)
}
