package import PosternModel
package import PosternPostgres

extension Administration {
    private static let networks = Statement(
        "networks_read",
        "SELECT $1::cidr[]::text[]",
        [.textArray]
    )

    private static let configure = Statement(
        "endpoint_configure",
        """
        UPDATE postern.endpoints e SET
            requests_per_minute = CASE WHEN $2 THEN $3 ELSE was.requests_per_minute END,
            burst = CASE WHEN $2 THEN $4 ELSE was.burst END,
            allowed_networks = CASE WHEN $5 THEN $6::cidr[] ELSE was.allowed_networks END,
            quarantine_bytes = CASE WHEN $7 THEN $8 ELSE was.quarantine_bytes END,
            quarantine_hours = CASE WHEN $7 THEN coalesce($9, was.quarantine_hours) ELSE was.quarantine_hours END,
            updated_at = now()
        FROM (SELECT * FROM postern.endpoints WHERE id = $1 FOR UPDATE) was
        WHERE e.id = was.id
        RETURNING e.org_id, coalesce(was.requests_per_minute::text, ''), coalesce(was.burst::text, ''),
            array_to_string(was.allowed_networks::text[], ' '), coalesce(was.quarantine_bytes::text, ''),
            was.quarantine_hours::text
        """,
        [.uuid, .bool, .int32, .int32, .bool, .textArray, .bool, .int32, .int32]
    )

    /// Changes an endpoint's own limit, the networks requests may come from, and its quarantine.
    ///
    /// - Throws: ``ConfigurationError``: `endpointNotFound`, `invalid` or `database`.
    package func configureEndpoint(
        _ endpoint: EndpointID,
        _ change: EndpointChange,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        if change == EndpointChange() { return }
        try Self.require(change)
        let networks = try Self.networks(of: change, &connection, within: within)
        try self.act(&connection, subject: "\(endpoint)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.configure, &connection, within: within) { parameters in
                parameters.append(endpoint)
                Self.append(change, networks: networks, to: &parameters)
            }
            guard rows.count > 0 else { throw .endpointNotFound("\(endpoint)") }
            let (organization, was): (OrganizationID, [String]) = try Self.read { () throws(PostgresError) in
                var was: [String] = []
                for column in 1...5 { was.append(try rows.textOrNil(0, column) ?? "") }
                return (try rows.id(0, 0), was)
            }
            let after = Self.words(of: change, networks: networks)
            let before = Dictionary(
                uniqueKeysWithValues: zip(
                    ["requests_per_minute", "burst", "allowed_networks", "quarantine_bytes", "quarantine_hours"],
                    was
                )
            )
            try self.audit(
                .configureEndpoint,
                of: "\(endpoint)",
                organization: organization,
                before: before.filter { after[$0.key] != nil },
                after: after,
                &connection,
                within: within
            )
        }
    }

    private static func require(_ change: EndpointChange) throws(ConfigurationError) {
        if case .set(let rate, let burst) = change.limit {
            try Self.requireRange(rate, "requests_per_minute")
            try Self.requireRange(burst, "burst")
        }
        if case .only(let networks) = change.networks, !(1...256).contains(networks.count) {
            throw .invalid(field: "allowed_networks", reason: "1 to 256")
        }
        if case .set(let bytes, let hours) = change.quarantine {
            if !(4096...1_073_741_824).contains(bytes) {
                throw .invalid(field: "quarantine_bytes", reason: "4096 to 1073741824")
            }
            if !(1...720).contains(hours) { throw .invalid(field: "quarantine_hours", reason: "1 to 720") }
        }
    }

    /// The networks as PostgreSQL writes them; the statement touches no table, so what it refuses is the text.
    private static func networks(
        of change: EndpointChange,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [String]? {
        guard case .only(let networks) = change.networks else { return nil }
        do throws(ConfigurationError) {
            let rows = try Self.run(Self.networks, &connection, within: within) { $0.append(networks) }
            return try Self.read { () throws(PostgresError) in try rows.texts(0, 0) }
        } catch .database(.refused(_, let message)) {
            throw .invalid(field: "allowed_networks", reason: message)
        }
    }

    private static func append(
        _ change: EndpointChange,
        networks: [String]?,
        to parameters: inout ParameterBuffer
    ) {
        let (rate, burst): (Int32?, Int32?) =
            switch change.limit {
            case .unchanged, .inherit: (nil, nil)
            case .set(let rate, let burst): (rate, burst)
            }
        parameters.append(change.limit != .unchanged)
        parameters.append(rate)
        parameters.append(burst)
        parameters.append(change.networks != .unchanged)
        if let networks { parameters.append(networks) } else { parameters.appendNull() }
        let (bytes, hours): (Int32?, Int32?) =
            switch change.quarantine {
            case .unchanged, .off: (nil, nil)
            case .set(let bytes, let hours): (bytes, hours)
            }
        parameters.append(change.quarantine != .unchanged)
        parameters.append(bytes)
        parameters.append(hours)
    }

    /// What changes, for the audit log; an empty word is none.
    private static func words(of change: EndpointChange, networks: [String]?) -> [String: String] {
        var words: [String: String] = [:]
        switch change.limit {
        case .unchanged: break
        case .inherit: words = ["requests_per_minute": "", "burst": ""]
        case .set(let rate, let burst):
            words = ["requests_per_minute": String(rate), "burst": burst.map(String.init) ?? ""]
        }
        if change.networks != .unchanged { words["allowed_networks"] = networks?.joined(separator: " ") ?? "" }
        switch change.quarantine {
        case .unchanged: break
        case .off: words["quarantine_bytes"] = ""
        case .set(let bytes, let hours):
            words["quarantine_bytes"] = String(bytes)
            words["quarantine_hours"] = String(hours)
        }
        return words
    }
}
