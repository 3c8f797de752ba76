package import PosternCrypto
package import PosternModel
package import PosternPostgres

/// Reads endpoints with their secrets opened, and limits: four statements for any number of endpoints.
///
/// For the gateway, whose role reads secrets and limits; processes that route and do not verify take
/// ``DirectoryReader/init()``. Blocking: connection threads only.
package struct DirectoryReader: Sendable {
    private let keyring: SealingKeyring?

    /// Reads endpoints with their secrets, and limits.
    package init(opening keyring: SealingKeyring) { self.keyring = keyring }

    /// Reads endpoints alone, as roles must that may not see secrets.
    package init() { self.keyring = nil }

    /// Reads every endpoint.
    package func load(_ connection: inout Connection, within: Duration) throws(PostgresError) -> DirectoryContents {
        let endpoints = try connection.query(DirectoryStatements.allEndpoints, within: within)
        guard let keyring = self.keyring else { return try Self.join(endpoints, secrets: nil, keyring: nil) }
        let secrets = try connection.query(DirectoryStatements.allSecrets, within: within)
        var contents = try Self.join(endpoints, secrets: secrets, keyring: keyring)
        contents.organizations = try LimitRows.organizations(
            connection.query(DirectoryStatements.organizationLimits, within: within)
        )
        contents.limits = try LimitRows.scopes(connection.query(DirectoryStatements.scopeLimits, within: within))
        return contents
    }

    /// Reads the endpoint with `key` and its organization's limit; the contents are empty when there is none.
    package func load(
        key: EndpointKey,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> DirectoryContents {
        var parameters = ParameterBuffer()
        parameters.append(key.text)
        let endpoints = try connection.query(DirectoryStatements.endpointByKey, parameters, within: within)
        guard let keyring = self.keyring, endpoints.count > 0 else {
            return try Self.join(endpoints, secrets: nil, keyring: nil)
        }
        let secrets = try connection.query(DirectoryStatements.secretsByKey, parameters, within: within)
        var contents = try Self.join(endpoints, secrets: secrets, keyring: keyring)
        contents.organizations = try LimitRows.organizations(
            connection.query(DirectoryStatements.organizationLimitByKey, parameters, within: within)
        )
        return contents
    }

    /// Puts the secrets to their endpoints; both come from the database in order.
    private static func join(
        _ rows: Rows,
        secrets: Rows?,
        keyring: SealingKeyring?
    ) throws(PostgresError) -> DirectoryContents {
        var contents = DirectoryContents()
        contents.endpoints.reserveCapacity(rows.count)
        var indexes: [EndpointID: Int] = [:]
        indexes.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            switch try EndpointRecord.read(rows, row) {
            case .success(let record):
                indexes[record.id] = contents.endpoints.count
                contents.endpoints.append(record)
            case .failure(let fault): contents.faults.append(fault)
            }
        }
        guard let secrets, let keyring else { return contents }
        for row in 0..<secrets.count {
            // Read by a second statement: an endpoint made in between is not there yet, and comes with the next load.
            guard let index = indexes[try secrets.id(row, 1)] else { continue }
            let endpoint = contents.endpoints[index]
            switch Self.open(try SealedSecret(secrets, row), of: endpoint, keyring) {
            case .success(let secret): contents.endpoints[index].secrets.append(secret)
            case .failure(let fault): contents.faults.append(fault)
            }
        }
        return contents
    }

    private static func open(
        _ row: SealedSecret,
        of endpoint: EndpointRecord,
        _ keyring: SealingKeyring
    ) -> Result<SecretRecord, DirectoryFault> {
        do throws(CryptoError) {
            let context = SecretRecord.sealingContext(endpoint: endpoint.id, kind: row.kind)
            let secret = try keyring.open(row.sealed, context: context)
            return .success(
                SecretRecord(
                    id: row.id,
                    kind: row.kind,
                    secret: secret,
                    createdAt: row.createdAt,
                    expiresAt: row.expiresAt
                )
            )
        } catch {
            return .failure(
                DirectoryFault(
                    endpoint: endpoint.id,
                    name: endpoint.name,
                    organization: endpoint.organization,
                    reason: .secretNotOpened(row.id, kind: row.kind, "\(error)")
                )
            )
        }
    }

    /// One row of `endpoint_secrets`.
    private struct SealedSecret {
        let id: SecretID
        let kind: String
        let sealed: [UInt8]
        let createdAt: Timestamp
        let expiresAt: Timestamp?

        init(_ rows: Rows, _ row: Int) throws(PostgresError) {
            self.id = try rows.id(row, 0)
            self.kind = try rows.text(row, 2)
            self.sealed = try rows.bytes(row, 3)
            self.createdAt = try rows.timestamp(row, 4)
            self.expiresAt = try rows.timestampOrNil(row, 5)
        }
    }
}
