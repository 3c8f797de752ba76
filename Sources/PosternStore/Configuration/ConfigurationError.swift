package import PosternCrypto
package import PosternPostgres

/// Why a change of the configuration was refused; nothing of it was kept.
package enum ConfigurationError: Error, Equatable, Sendable {
    case organizationExists(name: String)
    case organizationNotFound(String)
    case unknownTier(String)
    case endpointExists(name: String)
    case endpointKeyTaken
    case endpointNotFound(String)
    case secretNotFound(String)
    case accountTaken(platform: String, account: String)
    case accountNotFound(platform: String, account: String)
    case destinationExists(name: String)
    case destinationNotFound(String)
    /// The destination has no active secret of this id, or no header of this name.
    case destinationSecretNotFound(String)
    /// The signing secret is the only active one, and requests are never sent unsigned.
    case lastSigningSecret(String)
    case subscriptionNotFound(String)
    /// A value is out of its range.
    case invalid(field: String, reason: String)
    /// There are no lanes to put an endpoint on: the database was not migrated.
    case notMigrated
    /// No sealing key was given, so no secret can be stored.
    case sealingKeyMissing
    case sealingFailed(CryptoError)
    case review(ReviewRefusal)
    case job(JobRefusal)
    case database(PostgresError)

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .organizationExists: "organization_exists"
        case .organizationNotFound: "organization_not_found"
        case .unknownTier: "unknown_tier"
        case .endpointExists: "endpoint_exists"
        case .endpointKeyTaken: "endpoint_key_taken"
        case .endpointNotFound: "endpoint_not_found"
        case .secretNotFound: "secret_not_found"
        case .accountTaken: "account_taken"
        case .accountNotFound: "account_not_found"
        case .destinationExists: "destination_exists"
        case .destinationNotFound: "destination_not_found"
        case .destinationSecretNotFound: "destination_secret_not_found"
        case .lastSigningSecret: "last_signing_secret"
        case .subscriptionNotFound: "subscription_not_found"
        case .invalid: "invalid_value"
        case .notMigrated: "not_migrated"
        case .sealingKeyMissing: "sealing_key_missing"
        case .sealingFailed: "sealing_failed"
        case .review(let refusal): refusal.code
        case .job(let refusal): refusal.code
        case .database: "database_error"
        }
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// What happened and what to do next, for the operator.
    package var description: String {
        switch self {
        case .organizationExists(let name): "there is an organization named '\(name)' already: choose another name"
        case .organizationNotFound(let name):
            "there is no organization '\(name)': `postern org list` shows those there are"
        case .unknownTier(let name): "there is no tier '\(name)'"
        case .endpointExists(let name):
            "the organization has an endpoint named '\(name)' for this platform already: choose another name"
        case .endpointKeyTaken: "an endpoint has this key already: choose another, or leave it out for a random one"
        case .endpointNotFound(let name):
            "there is no endpoint '\(name)': `postern endpoint list` shows those there are"
        case .secretNotFound(let id): "the endpoint has no active secret '\(id)'"
        case .accountTaken(let platform, let account):
            "the \(platform) account '\(account)' is mapped to another organization: remove that mapping first"
        case .accountNotFound(let platform, let account): "the \(platform) account '\(account)' is mapped to nobody"
        case .destinationExists(let name):
            "the organization has a destination named '\(name)' already: choose another name"
        case .destinationNotFound(let name):
            "there is no destination '\(name)': `postern destination list` shows those there are"
        case .destinationSecretNotFound(let name):
            "the destination has no active secret or header '\(name)': `postern destination secrets` shows those it has"
        case .lastSigningSecret(let id):
            "the secret \(id) is the last that signs: add another with `postern destination rotate-secret` first"
        case .subscriptionNotFound(let id):
            "the destination has no subscription '\(id)': `postern destination show` lists those it has"
        case .invalid(let field, let reason): "\(field): \(reason)"
        case .notMigrated: "the database has no lanes: run `postern migrate` first"
        case .sealingKeyMissing: "no sealing key is configured, and secrets are never stored unsealed"
        case .sealingFailed(let error): "the secret could not be sealed: \(error)"
        case .review(let refusal): "\(refusal)"
        case .job(let refusal): "\(refusal)"
        case .database(let error): "\(error)"
        }
    }

    /// Reads a constraint's name as what it guards, or keeps the error as it is.
    ///
    /// The names are those PostgreSQL gives to the constraints of the migrations; a test walks through them.
    init(_ error: PostgresError, subject: String) {
        guard case .conflict(_, let constraint, _) = error else {
            self = .database(error)
            return
        }
        switch constraint {
        case "organizations_name_key": self = .organizationExists(name: subject)
        case "organizations_tier_fkey": self = .unknownTier(subject)
        case "endpoints_org_id_fkey", "accounts_org_id_fkey", "destinations_org_id_fkey":
            self = .organizationNotFound(subject)
        case "endpoints_key_key": self = .endpointKeyTaken
        case "endpoints_org_id_platform_name_key": self = .endpointExists(name: subject)
        case "destinations_by_name": self = .destinationExists(name: subject)
        case "organizations_name_check", "endpoints_name_check":
            self = .invalid(field: "name", reason: "1 to 100 characters")
        case "endpoints_tolerance_seconds_check":
            self = .invalid(field: "tolerance_seconds", reason: "0 or more")
        case "endpoint_secrets_kind_check": self = .invalid(field: "kind", reason: "1 to 50 characters")
        case "organizations_requests_per_minute_check", "endpoints_requests_per_minute_check",
            "tiers_requests_per_minute_check", "gateway_limits_requests_per_minute_check":
            self = .invalid(field: "requests_per_minute", reason: "1 or more")
        case "organizations_burst_check", "endpoints_burst_check", "tiers_burst_check", "gateway_limits_burst_check":
            self = .invalid(field: "burst", reason: "1 or more")
        case "endpoints_allowed_networks_check":
            self = .invalid(field: "allowed_networks", reason: "1 to 256 networks")
        case "endpoints_quarantine_bytes_check":
            self = .invalid(field: "quarantine_bytes", reason: "4096 to 1073741824")
        case "endpoints_quarantine_hours_check": self = .invalid(field: "quarantine_hours", reason: "1 to 720")
        default: self = .database(error)
        }
    }
}
