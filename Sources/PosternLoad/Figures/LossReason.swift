/// Why a request has no answer.
package enum LossReason: Sendable {
    /// The server closed or reset the connection.
    case reset
    /// Nothing came in time.
    case timeout
    /// What came is no HTTP/1.x answer.
    case `protocol`
}
