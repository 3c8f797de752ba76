/// Why there is no answer: the class that retries, metrics and dead letters go by.
package enum OutboundFailure: String, Error, Sendable, CaseIterable {
    /// The host's name has no address.
    case resolve
    /// The host's address is one that requests must not go to.
    case refusedAddress = "refused_address"
    /// No connection came about.
    case connect
    /// The connection could not be secured, or the certificate is not the host's.
    case tls
    /// No answer in time.
    case timeout
    /// The connection ended before the answer.
    case closed
    /// What came is no HTTP answer.
    case `protocol`
    /// The request itself cannot be written.
    case request
    /// The platform's request, which the destination wants as it was, is no longer kept.
    case bodyGone = "body_gone"
    /// We stopped: nothing is known about the destination.
    case canceled
}
