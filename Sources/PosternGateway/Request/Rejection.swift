package import PosternModel
package import PosternPlatforms

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
    /// The endpoint lists the networks its sender has, and the address is in none of them.
    case addressNotAllowed
    /// The address sent too much that was not verified.
    case addressLimited
    /// The endpoint got too much that failed verification, and this sender is not known to it.
    case unverifiedLimited
    /// All verified requests of this gateway together are over its limit.
    case globalLimited
    /// The endpoint's verified requests are over its limit.
    case endpointLimited
    /// The organization's verified requests are over its tier.
    case organizationLimited

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
        case .addressNotAllowed: "address_not_allowed"
        case .addressLimited: "address_limited"
        case .unverifiedLimited: "unverified_limited"
        case .globalLimited: "global_limited"
        case .endpointLimited: "endpoint_limited"
        case .organizationLimited: "organization_limited"
        }
    }

    /// The statuses that say it, the best one first.
    ///
    /// Which one is used is ``status(action:)``'s decision.
    package var statuses: [Int] {
        switch self {
        case .unknownEndpoint: [404]
        case .endpointDisabled: [410, 403, 503]
        case .methodNotAllowed: [405]
        case .bodyTooLarge: [413]
        case .missingSignature, .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken: [401, 403]
        case .handshakeRefused: [403]
        case .endpointUnusable, .databaseUnavailable, .overloaded, .stopping: [503]
        case .addressNotAllowed: [403, 401]
        case .addressLimited, .unverifiedLimited, .globalLimited, .endpointLimited, .organizationLimited: [429, 503]
        }
    }

    /// Whether the same request may succeed later, so that a sender that gives up after it loses data.
    package var isPassing: Bool {
        switch self {
        case .addressLimited, .unverifiedLimited, .globalLimited, .endpointLimited, .organizationLimited: true
        case .unknownEndpoint, .endpointDisabled, .methodNotAllowed, .bodyTooLarge, .missingSignature,
            .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken, .handshakeRefused, .addressNotAllowed,
            .endpointUnusable, .databaseUnavailable, .overloaded, .stopping:
            false
        }
    }

    /// Chooses the status for a sender.
    ///
    /// The best of ``statuses`` that the sender does not take for a reason to disable the URL nor, where coming back
    /// helps, to give the delivery up; else the best that does not disable; else the last.
    ///
    /// `action`: what the sender does after a status, `nil` when unknown.
    package func status(action: (Int) -> SenderAction?) -> Int {
        if self.isPassing, let kept = self.statuses.first(where: { [.retry, nil].contains(action($0)) }) {
            return kept
        }
        return self.statuses.first { action($0) != .disable } ?? self.statuses[self.statuses.count - 1]
    }

    /// Whether it spends the budget of the sender's address: what a stranger can cause without any secret.
    package var spendsAddress: Bool {
        switch self {
        case .unknownEndpoint, .methodNotAllowed, .missingSignature, .malformedSignature, .signatureMismatch,
            .staleTimestamp, .badToken, .handshakeRefused, .addressNotAllowed:
            true
        case .endpointDisabled, .bodyTooLarge, .endpointUnusable, .databaseUnavailable, .overloaded, .stopping,
            .addressLimited, .unverifiedLimited, .globalLimited, .endpointLimited, .organizationLimited:
            false
        }
    }

    /// Whether it spends the endpoint's budget for requests that failed verification.
    package var spendsUnverified: Bool {
        switch self {
        case .missingSignature, .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken, .handshakeRefused:
            true
        case .unknownEndpoint, .endpointDisabled, .methodNotAllowed, .bodyTooLarge, .addressNotAllowed,
            .endpointUnusable, .databaseUnavailable, .overloaded, .stopping, .addressLimited, .unverifiedLimited,
            .globalLimited, .endpointLimited, .organizationLimited:
            false
        }
    }

    /// Whole seconds after which the sender may come back; `nil` where coming back changes nothing.
    package var retryAfterSeconds: Int? {
        switch self {
        case .endpointUnusable: 60
        case .databaseUnavailable: 5
        case .overloaded, .stopping: 1
        case .unknownEndpoint, .endpointDisabled, .methodNotAllowed, .bodyTooLarge, .missingSignature,
            .malformedSignature, .signatureMismatch, .staleTimestamp, .badToken, .handshakeRefused, .addressNotAllowed:
            nil
        // The limit itself knows better; this is said where it is not asked.
        case .addressLimited, .unverifiedLimited, .globalLimited, .endpointLimited, .organizationLimited: 1
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
        case .addressNotAllowed: "This endpoint does not take requests from this address."
        case .addressLimited: "This address sent too many requests that were not verified."
        case .unverifiedLimited: "This endpoint got too many requests that failed verification."
        case .globalLimited: "The gateway takes no more requests at the moment."
        case .endpointLimited: "This endpoint is over its limit."
        case .organizationLimited: "The organization is over the limit of its tier."
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
        case .addressNotAllowed: "Add the sender's network with 'postern endpoint configure --allow-network'."
        case .addressLimited: "Send it again after the wait; requests that verify are not limited by address."
        case .unverifiedLimited: "Send it again after the wait; find out who forges with 'postern endpoint rejections'."
        case .globalLimited: "Send it again after the wait; the operator sees it with 'postern limits list'."
        case .endpointLimited: "Send it again after the wait, or raise it with 'postern endpoint configure'."
        case .organizationLimited: "Send it again after the wait, or raise the tier with 'postern org set-tier'."
        }
    }
}
