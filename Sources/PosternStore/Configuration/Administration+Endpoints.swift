package import PosternModel
package import PosternPostgres

extension Administration {
    private static let laneCount = Statement("endpoint_lane_count", "SELECT count(*)::integer FROM postern.lanes")

    private static let insert = Statement(
        "endpoint_create",
        """
        INSERT INTO postern.endpoints (id, org_id, platform, scheme, key, name, lane, parameters, tolerance_seconds,
            routes_accounts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, jsonb_object($8::text[], $9::text[]), $10, $11) RETURNING created_at
        """,
        [.uuid, .uuid, .text, .text, .text, .text, .int32, .textArray, .textArray, .int32, .bool]
    )

    /// Makes an endpoint with its first secrets.
    ///
    /// - Returns: the endpoint as stored, without secrets.
    /// - Throws: ``ConfigurationError``: `organizationNotFound`, `endpointExists`, `endpointKeyTaken`, `invalid`,
    ///   `notMigrated`, `sealingKeyMissing`, `sealingFailed` or `database`.
    package func createEndpoint(
        _ new: NewEndpoint,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> EndpointRecord {
        if !new.secrets.isEmpty, self.keyring == nil { throw .sealingKeyMissing }
        let id = EndpointID.fresh(at: .now())
        return try self.act(&connection, subject: new.name, within: within) { connection throws(ConfigurationError) in
            let count = try Self.run(Self.laneCount, &connection, within: within) { _ in }
            let lanes = try Self.read { () throws(PostgresError) in try count.int32(0, 0) }
            guard lanes > 0 else { throw .notMigrated }
            let lane = Lane(organization: new.organization, endpoint: id, count: lanes)
            let names = new.parameters.keys.sorted()
            let rows = try Self.run(Self.insert, &connection, within: within) { parameters in
                parameters.append(id)
                parameters.append(new.organization)
                parameters.append(new.platform.text)
                parameters.append(new.scheme)
                parameters.append(new.key.text)
                parameters.append(new.name)
                parameters.append(lane.number)
                parameters.append(names)
                parameters.append(names.map { new.parameters[$0, default: ""] })
                parameters.append(new.toleranceSeconds)
                parameters.append(new.routesAccounts)
            }
            let createdAt = try Self.read { () throws(PostgresError) in try rows.timestamp(0, 0) }
            for (kind, secret) in new.secrets {
                _ = try self.insertSecret(
                    secret,
                    kind: kind,
                    endpoint: id,
                    organization: new.organization,
                    &connection,
                    within: within
                )
            }
            try self.audit(
                .createEndpoint,
                of: "\(id)",
                organization: new.organization,
                after: [
                    "platform": new.platform.text, "name": new.name, "scheme": new.scheme,
                    "routes_accounts": String(new.routesAccounts), "secrets": String(new.secrets.count),
                ],
                &connection,
                within: within
            )
            return EndpointRecord(
                id: id,
                organization: new.organization,
                platform: new.platform,
                scheme: new.scheme,
                key: new.key,
                name: new.name,
                lane: lane,
                state: .enabled,
                parameters: new.parameters,
                toleranceSeconds: new.toleranceSeconds,
                routesAccounts: new.routesAccounts,
                createdAt: createdAt,
                secrets: []
            )
        }
    }

    private static let listing = """
        SELECT \(EndpointRecord.columns), o.name, e.updated_at,
            (SELECT count(*) FROM postern.endpoint_secrets s WHERE s.endpoint_id = e.id AND s.revoked_at IS NULL
                AND (s.expires_at IS NULL OR s.expires_at > now()))
        FROM postern.endpoints e JOIN postern.organizations o ON o.id = e.org_id
        """

    private static let all = Statement(
        "endpoint_list",
        "\(Self.listing) WHERE $1::uuid IS NULL OR e.org_id = $1 ORDER BY o.name, e.platform, e.name",
        [.uuid]
    )

    /// Reads the endpoints of one organization, or of all, by organization, platform and name.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func endpoints(
        of organization: OrganizationID? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [EndpointListing] {
        let rows = try Self.run(Self.all, &connection, within: within) { $0.append(organization) }
        return try Self.read { () throws(PostgresError) in try Self.listings(rows) }
    }

    private static let find = Statement(
        "endpoint_find",
        "\(Self.listing) WHERE e.id::text = lower($1) OR e.key = $1 OR e.name = $1 ORDER BY e.id LIMIT 2",
        [.text]
    )

    /// Finds an endpoint by its id as text, by its key, or by its name when only one endpoint has that name.
    ///
    /// - Throws: ``ConfigurationError/endpointNotFound(_:)``, ``ConfigurationError/invalid(field:reason:)`` for a name
    ///   that several have, or ``ConfigurationError/database(_:)``.
    package func endpoint(
        _ reference: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> EndpointListing {
        let rows = try Self.run(Self.find, &connection, within: within) { $0.append(reference) }
        let found = try Self.read { () throws(PostgresError) in try Self.listings(rows) }
        guard let first = found.first else { throw .endpointNotFound(reference) }
        guard found.count == 1 else {
            throw .invalid(field: "endpoint", reason: "several are named '\(reference)': give the id or the key")
        }
        return first
    }

    private static func listings(_ rows: Rows) throws(PostgresError) -> [EndpointListing] {
        var listings: [EndpointListing] = []
        for row in 0..<rows.count {
            // A row no program of this version can have written: left out here, reported by the gateway.
            guard case .success(let endpoint) = try EndpointRecord.read(rows, row) else { continue }
            listings.append(
                EndpointListing(
                    endpoint: endpoint,
                    organizationName: try rows.text(row, EndpointRecord.columnCount),
                    activeSecrets: try rows.int64(row, EndpointRecord.columnCount + 2),
                    updatedAt: try rows.timestamp(row, EndpointRecord.columnCount + 1)
                )
            )
        }
        return listings
    }

    private static let state = Statement(
        "endpoint_state",
        """
        UPDATE postern.endpoints e SET state = $2, updated_at = now()
        FROM (SELECT id, state FROM postern.endpoints WHERE id = $1 FOR UPDATE) was
        WHERE e.id = was.id RETURNING e.org_id, was.state
        """,
        [.uuid, .text]
    )

    /// Enables or disables an endpoint; a disabled one answers 410 and stores nothing.
    ///
    /// - Throws: ``ConfigurationError/endpointNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func setState(
        _ state: EndpointRecord.State,
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        let act: AuditedAct =
            switch state {
            case .enabled: .enableEndpoint
            case .disabled: .disableEndpoint
            }
        try self.change(Self.state, "state", to: state.rawValue, act, of: endpoint, &connection, within: within) {
            $0.append(state.rawValue)
        }
    }

    private static let routing = Statement(
        "endpoint_routing",
        """
        UPDATE postern.endpoints e SET routes_accounts = $2, updated_at = now()
        FROM (SELECT id, routes_accounts FROM postern.endpoints WHERE id = $1 FOR UPDATE) was
        WHERE e.id = was.id RETURNING e.org_id, was.routes_accounts::text
        """,
        [.uuid, .bool]
    )

    /// Sets whether an endpoint's events belong to the organization their account is mapped to.
    ///
    /// - Throws: ``ConfigurationError/endpointNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func setRoutesAccounts(
        _ routes: Bool,
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.change(
            Self.routing,
            "routes_accounts",
            to: String(routes),
            .setRouting,
            of: endpoint,
            &connection,
            within: within
        ) { $0.append(routes) }
    }

    private static let parameters = Statement(
        "endpoint_parameters",
        """
        UPDATE postern.endpoints e SET parameters = jsonb_object($2::text[], $3::text[]), updated_at = now()
        FROM (SELECT id, parameters FROM postern.endpoints WHERE id = $1 FOR UPDATE) was
        WHERE e.id = was.id RETURNING e.org_id, was.parameters::text
        """,
        [.uuid, .textArray, .textArray]
    )

    /// Replaces the values the platform definition asks for.
    ///
    /// - Throws: ``ConfigurationError/endpointNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func setParameters(
        _ values: [String: String],
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        let names = values.keys.sorted()
        try self.change(
            Self.parameters,
            "parameters",
            to: names.joined(separator: ", "),
            .setParameters,
            of: endpoint,
            &connection,
            within: within
        ) { parameters in
            parameters.append(names)
            parameters.append(names.map { values[$0, default: ""] })
        }
    }

    /// Runs one update of an endpoint that gives back its organization and the value it had.
    private func change(
        _ statement: Statement,
        _ field: String,
        to value: String,
        _ act: AuditedAct,
        of endpoint: EndpointID,
        _ connection: inout Connection,
        within: Duration,
        _ fill: (inout ParameterBuffer) -> Void
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: "\(endpoint)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(statement, &connection, within: within) { parameters in
                parameters.append(endpoint)
                fill(&parameters)
            }
            guard rows.count > 0 else { throw .endpointNotFound("\(endpoint)") }
            let (organization, before): (OrganizationID, String) = try Self.read { () throws(PostgresError) in
                (try rows.id(0, 0), try rows.text(0, 1))
            }
            try self.audit(
                act,
                of: "\(endpoint)",
                organization: organization,
                before: [field: before],
                after: [field: value],
                &connection,
                within: within
            )
        }
    }
}
