internal import PosternCrypto
package import PosternModel
package import PosternPostgres

extension Administration {
    private static let insert = Statement(
        "destination_secret_add",
        """
        INSERT INTO postern.destination_secrets (id, org_id, destination_id, kind, name, sealed)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [.uuid, .uuid, .uuid, .text, .text, .bytes]
    )

    /// Seals and stores a destination's secret within an act.
    func insertSecret(
        _ secret: Secret,
        kind: DestinationSecret.Kind,
        name: String?,
        of owner: DestinationOwner,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SecretID {
        guard let keyring = self.keyring else { throw .sealingKeyMissing }
        if secret.bytes.isEmpty { throw .invalid(field: "secret", reason: "is empty") }
        let context = DestinationSecret.sealingContext(destination: owner.destination, kind: kind, name: name)
        let sealed: [UInt8]
        do throws(CryptoError) {
            sealed = try keyring.seal(secret, context: context)
        } catch {
            throw .sealingFailed(error)
        }
        let id = SecretID.fresh(at: .now())
        _ = try Self.run(Self.insert, &connection, within: within) { parameters in
            parameters.append(id)
            parameters.append(owner.organization)
            parameters.append(owner.destination)
            parameters.append(kind.rawValue)
            parameters.append(name)
            parameters.append(bytes: sealed)
        }
        return id
    }

    private static let active = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"

    private static let retire = Statement(
        "destination_secret_retire",
        """
        UPDATE postern.destination_secrets
        SET expires_at = least(expires_at, now() + make_interval(secs => $2))
        WHERE destination_id = $1 AND kind = 'signing' AND \(Self.active)
        RETURNING id
        """,
        [.uuid, .float64]
    )

    /// Adds a signing secret and lets the older ones run out; until then requests are signed with all of them.
    ///
    /// - Parameters:
    ///   - secret: the new one, used at once.
    ///   - destination: whose.
    ///   - grace: how long the old ones stay active, 0 or more; none gets longer than it had.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the new secret and the ones that will run out.
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `invalid`, `sealingKeyMissing`, `sealingFailed` or
    ///   `database`.
    package func rotateDestinationSecret(
        _ secret: Secret,
        of destination: DestinationID,
        grace: Duration = Self.defaultGrace,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> (added: SecretID, retiring: [SecretID]) {
        if grace < .zero { throw .invalid(field: "grace", reason: "0 or more") }
        return try self.act(&connection, subject: "\(destination)", within: within) {
            connection throws(ConfigurationError) in
            let owner = try Self.ownerOfSecrets(destination, &connection, within: within)
            let rows = try Self.run(Self.retire, &connection, within: within) { parameters in
                parameters.append(destination)
                parameters.append(Double(grace.components.seconds) + Double(grace.components.attoseconds) * 1e-18)
            }
            // Each active secret is one more signature in every request.
            if grace > .zero, rows.count >= DestinationRules.signingLimit {
                throw .invalid(
                    field: "signing_secret",
                    reason: "at most \(DestinationRules.signingLimit) are active at once: retire old ones first"
                )
            }
            var retiring: [SecretID] = []
            for row in 0..<rows.count {
                retiring.append(try Self.read { () throws(PostgresError) in try rows.id(row, 0) })
            }
            let id = try self.insertSecret(secret, kind: .signing, name: nil, of: owner, &connection, within: within)
            try self.audit(
                .rotateDestinationSecret,
                of: "\(destination)",
                organization: owner.organization,
                after: [
                    "secret": "\(id)", "retiring": retiring.map(\.description).joined(separator: " "),
                    "grace_seconds": String(grace.components.seconds),
                ],
                &connection,
                within: within
            )
            return (id, retiring)
        }
    }

    private static let signing = Statement(
        "destination_secret_signing",
        """
        SELECT id FROM postern.destination_secrets WHERE destination_id = $1 AND kind = 'signing' AND \(Self.active)
        """,
        [.uuid]
    )

    private static let revoke = Statement(
        "destination_secret_revoke",
        """
        UPDATE postern.destination_secrets SET revoked_at = now()
        WHERE id = $1 AND destination_id = $2 AND revoked_at IS NULL RETURNING kind, coalesce(name, '')
        """,
        [.uuid, .uuid]
    )

    /// Ends a secret at once: a signing secret nobody needs any more or that leaked, or a header.
    ///
    /// The last active signing secret stays: requests are never sent unsigned.
    ///
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `destinationSecretNotFound`, `lastSigningSecret` or
    ///   `database`.
    package func retireDestinationSecret(
        _ secret: SecretID,
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: "\(destination)", within: within) { connection throws(ConfigurationError) in
            let (owner, _) = try Self.owner(of: destination, &connection, within: within)
            let rows = try Self.run(Self.signing, &connection, within: within) { $0.append(destination) }
            if rows.count == 1 {
                let last: SecretID = try Self.read { () throws(PostgresError) in try rows.id(0, 0) }
                if last == secret { throw .lastSigningSecret("\(secret)") }
            }
            try self.revoke(secret, of: owner, &connection, within: within)
        }
    }

    private func revoke(
        _ secret: SecretID,
        of owner: DestinationOwner,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        let rows = try Self.run(Self.revoke, &connection, within: within) { parameters in
            parameters.append(secret)
            parameters.append(owner.destination)
        }
        guard rows.count > 0 else { throw .destinationSecretNotFound("\(secret)") }
        let before: [String: String] = try Self.read { () throws(PostgresError) in
            ["secret": "\(secret)", "kind": try rows.text(0, 0), "name": try rows.text(0, 1)]
        }
        try self.audit(
            .revokeDestinationSecret,
            of: "\(owner.destination)",
            organization: owner.organization,
            before: before,
            &connection,
            within: within
        )
    }

    private static let headers = Statement(
        "destination_secret_headers",
        """
        SELECT id, name FROM postern.destination_secrets
        WHERE destination_id = $1 AND kind = 'header' AND \(Self.active)
        """,
        [.uuid]
    )

    /// Sends a header with every request, in place of one of the same name, whatever its case.
    ///
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `invalid`, `sealingKeyMissing`, `sealingFailed` or
    ///   `database`.
    package func setDestinationHeader(
        _ name: String,
        _ value: Secret,
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SecretID {
        try DestinationRules.requireHeader(name, value)
        return try self.act(&connection, subject: "\(destination)", within: within) {
            connection throws(ConfigurationError) in
            let owner = try Self.ownerOfSecrets(destination, &connection, within: within)
            let headers = try Self.headers(of: destination, &connection, within: within)
            let same = headers.filter { $0.name.lowercased() == name.lowercased() }
            if same.isEmpty, headers.count >= DestinationRules.headerLimit {
                throw .invalid(field: "headers", reason: "at most \(DestinationRules.headerLimit)")
            }
            for header in same { try self.revoke(header.id, of: owner, &connection, within: within) }
            let id = try self.insertSecret(value, kind: .header, name: name, of: owner, &connection, within: within)
            try self.audit(
                .setDestinationHeader,
                of: "\(destination)",
                organization: owner.organization,
                after: ["secret": "\(id)", "kind": DestinationSecret.Kind.header.rawValue, "name": name],
                &connection,
                within: within
            )
            return id
        }
    }

    /// Sends a header no more.
    ///
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `destinationSecretNotFound` or `database`.
    package func removeDestinationHeader(
        _ name: String,
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: "\(destination)", within: within) { connection throws(ConfigurationError) in
            let (owner, _) = try Self.owner(of: destination, &connection, within: within)
            let headers = try Self.headers(of: destination, &connection, within: within)
            let same = headers.filter { $0.name.lowercased() == name.lowercased() }
            if same.isEmpty { throw .destinationSecretNotFound(name) }
            for header in same { try self.revoke(header.id, of: owner, &connection, within: within) }
        }
    }

    private static func headers(
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [(id: SecretID, name: String)] {
        let rows = try Self.run(Self.headers, &connection, within: within) { $0.append(destination) }
        return try Self.read { () throws(PostgresError) in
            var headers: [(id: SecretID, name: String)] = []
            for row in 0..<rows.count { headers.append((try rows.id(row, 0), try rows.text(row, 1))) }
            return headers
        }
    }

    /// Like ``owner(of:_:within:)``, for a destination that has secrets.
    private static func ownerOfSecrets(
        _ destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationOwner {
        let (owner, kind) = try Self.owner(of: destination, &connection, within: within)
        if kind == .postgresNotify { throw .invalid(field: "secrets", reason: "are for http and alert") }
        return owner
    }
}
