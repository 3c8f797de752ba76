/// What administrators are told about.
package enum NotificationKind: String, Sendable, CaseIterable {
    /// Dead letters of one fingerprint came.
    case deadLetters = "dead_letters"
    /// A destination's circuit opened.
    case circuitOpened = "circuit_opened"
    /// A destination was disabled, by what it answered and not by a person.
    case destinationDisabled = "destination_disabled"
    /// Deliveries or events wait longer than they should.
    case backlog
    /// An endpoint that gets requests regularly has had none for long.
    case endpointSilent = "endpoint_silent"
    /// A secret that is still needed will expire.
    case secretExpiring = "secret_expiring"
    /// Many requests of an endpoint are refused for their signature.
    case signatureFailures = "signature_failures"
}
