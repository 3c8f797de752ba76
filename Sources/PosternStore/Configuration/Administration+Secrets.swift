internal import PosternCrypto
package import PosternModel
package import PosternPostgres

extension Administration {
    /// How long the old secrets stay active after a rotation when nobody asks otherwise.
    package static let defaultGrace = Duration.seconds(86_400)

    private static let insert = Statement(
        "secret_add",
        "INSERT INTO postern.endpoint_secrets (id, org_id, endpoint_id, kind, sealed) VALUES ($1, $2, $3, $4, $5)",
        [.uuid, .uuid, .uuid, .text, .bytes]
    )

    /// Seals and stores a secret within an act.
    func insertSecret(
        _ secret: Secret,
        kind: String,
        endpoint: EndpointID,
        organization: OrganizationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SecretID {
        guard let keyring = self.keyring else { throw .sealingKeyMissing }
        if secret.bytes.isEmpty { throw .invalid(field: "secret", reason: "is empty") }
        let sealed: [UInt8]
        do throws(CryptoError) {
            sealed = try keyring.seal(secret, context: SecretRecord.sealingContext(endpoint: endpoint, kind: kind))
        } catch {
            throw .sealingFailed(error)
        }
        let id = SecretID.fresh(at: .now())
        _ = try Self.run(Self.insert, &connection, within: within) { parameters in
            parameters.append(id)
            parameters.append(organization)
            parameters.append(endpoint)
            parameters.append(kind)
            parameters.append(bytes: sealed)
        }
        return id
    }

    private static let owner = Statement(
        "secret_owner",
        "SELECT org_id FROM postern.endpoints WHERE id = $1 FOR UPDATE",
        [.uuid]
    )

    /// Finds the endpoint's organization and keeps other changes of its secrets out until the act is over.
    private static func organization(
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> OrganizationID {
        let rows = try Self.run(Self.owner, &connection, within: within) { $0.append(endpoint) }
        guard rows.count > 0 else { throw .endpointNotFound("\(endpoint)") }
        return try Self.read { () throws(PostgresError) in try rows.id(0, 0) }
    }

    /// Adds a secret beside those that are active; all of them prove requests.
    ///
    /// - Throws: ``ConfigurationError``: `endpointNotFound`, `invalid`, `sealingKeyMissing`, `sealingFailed` or
    ///   `database`.
    package func addSecret(
        _ secret: Secret,
        kind: String = "signing",
        to endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SecretID {
        try self.act(&connection, subject: "\(endpoint)", within: within) { connection throws(ConfigurationError) in
            let organization = try Self.organization(of: endpoint, &connection, within: within)
            let id = try self.insertSecret(
                secret,
                kind: kind,
                endpoint: endpoint,
                organization: organization,
                &connection,
                within: within
            )
            try self.audit(
                .addSecret,
                of: "\(endpoint)",
                organization: organization,
                after: ["secret": "\(id)", "kind": kind],
                &connection,
                within: within
            )
            return id
        }
    }

    private static let retire = Statement(
        "secret_retire",
        """
        UPDATE postern.endpoint_secrets
        SET expires_at = least(expires_at, now() + make_interval(secs => $3))
        WHERE endpoint_id = $1 AND kind = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        RETURNING id
        """,
        [.uuid, .text, .float64]
    )

    /// Adds a secret and lets the older ones of its kind run out.
    ///
    /// - Parameters:
    ///   - secret: the new one, active at once.
    ///   - kind: which of the endpoint's secrets.
    ///   - endpoint: whose.
    ///   - grace: how long the old ones stay active, 0 or more; none gets longer than it had.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the new secret and the ones that will run out.
    /// - Throws: ``ConfigurationError``: `endpointNotFound`, `invalid`, `sealingKeyMissing`, `sealingFailed` or
    ///   `database`.
    package func rotateSecret(
        _ secret: Secret,
        kind: String = "signing",
        of endpoint: EndpointID,
        grace: Duration = Self.defaultGrace,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> (added: SecretID, retiring: [SecretID]) {
        if grace < .zero { throw .invalid(field: "grace", reason: "0 or more") }
        return try self.act(&connection, subject: "\(endpoint)", within: within) {
            connection throws(ConfigurationError) in
            let organization = try Self.organization(of: endpoint, &connection, within: within)
            let rows = try Self.run(Self.retire, &connection, within: within) { parameters in
                parameters.append(endpoint)
                parameters.append(kind)
                parameters.append(Double(grace.components.seconds) + Double(grace.components.attoseconds) * 1e-18)
            }
            var retiring: [SecretID] = []
            for row in 0..<rows.count {
                retiring.append(try Self.read { () throws(PostgresError) in try rows.id(row, 0) })
            }
            let id = try self.insertSecret(
                secret,
                kind: kind,
                endpoint: endpoint,
                organization: organization,
                &connection,
                within: within
            )
            try self.audit(
                .rotateSecret,
                of: "\(endpoint)",
                organization: organization,
                after: [
                    "secret": "\(id)", "kind": kind, "retiring": retiring.map(\.description).joined(separator: " "),
                    "grace_seconds": String(grace.components.seconds),
                ],
                &connection,
                within: within
            )
            return (id, retiring)
        }
    }

    private static let revoke = Statement(
        "secret_revoke",
        """
        UPDATE postern.endpoint_secrets SET revoked_at = now()
        WHERE id = $1 AND endpoint_id = $2 AND revoked_at IS NULL RETURNING kind
        """,
        [.uuid, .uuid]
    )

    /// Ends a secret at once: for one that leaked.
    ///
    /// - Throws: ``ConfigurationError``: `endpointNotFound`, `secretNotFound` or `database`.
    package func revokeSecret(
        _ secret: SecretID,
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: "\(endpoint)", within: within) { connection throws(ConfigurationError) in
            let organization = try Self.organization(of: endpoint, &connection, within: within)
            let rows = try Self.run(Self.revoke, &connection, within: within) { parameters in
                parameters.append(secret)
                parameters.append(endpoint)
            }
            guard rows.count > 0 else { throw .secretNotFound("\(secret)") }
            let kind = try Self.read { () throws(PostgresError) in try rows.text(0, 0) }
            try self.audit(
                .revokeSecret,
                of: "\(endpoint)",
                organization: organization,
                before: ["secret": "\(secret)", "kind": kind],
                &connection,
                within: within
            )
        }
    }

    private static let list = Statement(
        "secret_list",
        """
        SELECT id, kind,
            CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END,
            created_at, expires_at, revoked_at
        FROM postern.endpoint_secrets WHERE endpoint_id = $1 ORDER BY created_at DESC, id DESC
        """,
        [.uuid]
    )

    /// Reads an endpoint's secrets, newest first, without their bytes.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func secrets(
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [SecretListing] {
        let rows = try Self.run(Self.list, &connection, within: within) { $0.append(endpoint) }
        return try Self.read { () throws(PostgresError) in
            var listings: [SecretListing] = []
            for row in 0..<rows.count {
                listings.append(
                    SecretListing(
                        id: try rows.id(row, 0),
                        kind: try rows.text(row, 1),
                        state: SecretListing.State(rawValue: try rows.text(row, 2)) ?? .revoked,
                        createdAt: try rows.timestamp(row, 3),
                        expiresAt: try rows.timestampOrNil(row, 4),
                        revokedAt: try rows.timestampOrNil(row, 5)
                    )
                )
            }
            return listings
        }
    }
}
