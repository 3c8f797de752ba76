/// The field in which a trusted proxy says for whom it forwards a request; the raw value is the setting's.
package enum ForwardedField: String, Sendable, CaseIterable {
    /// No field: the connection's address counts.
    case none
    /// `X-Forwarded-For`: addresses, the newest last.
    case xForwardedFor = "x-forwarded-for"
    /// `Forwarded` (RFC 7239).
    case forwarded
}
