package import PosternModel

/// Why the gateway did not accept a request: one case for each row of the answer catalogue.
///
/// Status, code, advice and metric label come from here and nowhere else. Faults of the sender are 4xx; faults of ours
/// are 503 with `Retry-After`, so that the sender keeps the delivery and comes back.
package enum Rejection: UInt8, Error, CaseIterable, Sendable {
    /// No platform or endpoint has this URL.
    case unknownEndpoint
    /// The endpoint exists and its organization switched it off.
    case endpointDisabled
    /// The method is neither POST nor one of the platform's handshakes.
    case methodNotAllowed
    /// The body is larger than the platform's definition allows.
    case bodyTooLarge
    /// See ``VerificationFailure/missingSignature``.
    case missingSignature
    /// See ``VerificationFailure/malformedSignature``.
    case malformedSignature
    /// See ``VerificationFailure/signatureMismatch``.
    case signatureMismatch
    /// See ``VerificationFailure/staleTimestamp``.
    case staleTimestamp
    /// See ``VerificationFailure/badToken``.
    case badToken
    /// A handshake asked for something the endpoint does not know: a wrong verify token, a foreign topic.
    case handshakeRefused
    /// The endpoint's definition, scheme or secret cannot be used by this gateway: our fault.
    case endpointUnusable
    /// PostgreSQL cannot be reached, or did not confirm the commit.
    case databaseUnavailable
    /// More deliveries wait for their commit than memory is set aside for.
    case overloaded
    /// The gateway is going down.
    case stopping

    /// The rejection of a failed verification.
    package init(_ failure: VerificationFailure) {
        self =
            switch failure {
            case .missingSignature: .missingSignature
            case .malformedSignature: .malformedSignature
            case .signatureMismatch: .signatureMismatch
            case .staleTimestamp: .staleTimestamp
            case .badToken: .badToken
            }
    }

    /// The machine-readable code: in the answer, the log, the metric label and `traffic_minutes`.
    package var code: String {
        switch self {
        case .unknownEndpoint: "unknown_endpoint"
        case .endpointDisabled: "endpoint_disabled"
        case .methodNotAllowed: "method_not_allowed"
        case .bodyTooLarge: "body_too_large"
        case .missingSignature: VerificationFailure.missingSignature.rawValue
        case .malformedSignature: VerificationFailure.malformedSignature.rawValue
        case .signatureMismatch: VerificationFailure.signatureMismatch.rawValue
        case .staleTimestamp: VerificationFailure.staleTimestamp.rawValue
        case .badToken: VerificationFailure.badToken.rawValue
        case .handshakeRefused: "handshake_refused"
        case .endpointUnusable: "endpoint_unusable"
        case .databaseUnavailable: "database_unavailable"
        case .overloaded: "overloaded"
        case .stopping: "stopping"
        }
    }

    /// The statuses that say it, the best one first.
    ///
    /// The first that the platform's sender does not answer by disabling the URL is used; the last one if all do.
    package var statuses: [Int] {
        switch self {
        case .unknownEndpoint: [404]
        case .endpointDisabled: [410, 403, 503]
        case .methodNotAllowed: [405]
        case .bodyTooLarge: [413]
        case .missingSignature, .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken: [401, 403]
        case .handshakeRefused: [403]
        case .endpointUnusable, .databaseUnavailable, .overloaded, .stopping: [503]
        }
    }

    /// Whole seconds after which the sender may come back; `nil` where coming back changes nothing.
    package var retryAfterSeconds: Int? {
        switch self {
        case .endpointUnusable: 60
        case .databaseUnavailable: 5
        case .overloaded, .stopping: 1
        case .unknownEndpoint, .endpointDisabled, .methodNotAllowed, .bodyTooLarge, .missingSignature,
            .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken, .handshakeRefused:
            nil
        }
    }

    /// What happened, for a person.
    package var message: String {
        switch self {
        case .unknownEndpoint: "No endpoint has this URL."
        case .endpointDisabled: "This endpoint is disabled."
        case .methodNotAllowed: "This endpoint does not answer that method."
        case .bodyTooLarge: "The body is larger than this endpoint accepts."
        case .missingSignature: "The request carries no signature."
        case .malformedSignature: "The signature or its timestamp is not in the form the platform documents."
        case .signatureMismatch: "The signature does not match the body under any active secret."
        case .staleTimestamp: "The signed time lies outside the tolerance."
        case .badToken: "The token is wrong."
        case .handshakeRefused: "The handshake was refused."
        case .endpointUnusable: "This endpoint cannot be served at the moment."
        case .databaseUnavailable: "The delivery could not be stored."
        case .overloaded: "The gateway is at its limit."
        case .stopping: "The gateway is stopping."
        }
    }

    /// What to do next, for a person.
    package var suggestedAction: String {
        switch self {
        case .unknownEndpoint: "Compare the URL with the one shown by 'postern endpoint list'."
        case .endpointDisabled: "Enable it with 'postern endpoint enable', or remove the URL from the platform."
        case .methodNotAllowed: "POST the webhook; GET is for the platform's handshake."
        case .bodyTooLarge: "Send smaller batches."
        case .missingSignature: "Set the endpoint's secret in the platform's console, so that it signs."
        case .malformedSignature: "Check that the URL belongs to this platform and that no proxy rewrites headers."
        case .signatureMismatch:
            "Compare the secret in the platform's console with the endpoint's; check proxies that rewrite bodies."
        case .staleTimestamp: "Check the sender's clock, or widen the endpoint's tolerance."
        case .badToken: "Compare the token in the platform's console with the endpoint's secret."
        case .handshakeRefused: "Compare the verify token, or the allowed topics, with the endpoint's."
        case .endpointUnusable: "The operator finds the reason in the gateway's log."
        case .databaseUnavailable, .overloaded, .stopping: "Send it again later; nothing was stored."
        }
    }
}
