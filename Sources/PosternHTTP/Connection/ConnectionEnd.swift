/// Why a connection ended; the raw value is the metric label.
package enum ConnectionEnd: String, CaseIterable, Sendable {
    /// The peer closed it.
    case peer
    /// The answer said `Connection: close`, by the peer's wish or HTTP/1.0.
    case answered
    /// The server refused a request, or a trusted proxy sent no PROXY header where it must.
    case refused
    /// No request came in time.
    case idle
    /// The peer did not take the answer in time.
    case writeTimeout = "write_timeout"
    /// The server is shutting down.
    case shutdown
    /// The connection broke.
    case broken
}
