package import PosternModel
package import PosternPostgres

extension Administration {
    private static let insert = Statement(
        "organization_create",
        """
        INSERT INTO postern.organizations (id, name, tier, requests_per_minute, burst) VALUES ($1, $2, $3, $4, $5)
        """,
        [.uuid, .text, .text, .int32, .int32]
    )

    /// Makes an organization.
    ///
    /// - Parameters:
    ///   - name: 1 to 100 characters, unique.
    ///   - tier: the tier whose limits hold where none of its own is given.
    ///   - requestsPerMinute: its own limit, within ``ConfiguredLimit/range``; `nil` for the tier's.
    ///   - burst: its own burst, within the same; `nil` for the tier's.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the new organization.
    /// - Throws: ``ConfigurationError``: `organizationExists`, `invalid`, `unknownTier` or `database`.
    package func createOrganization(
        name: String,
        tier: String = "standard",
        requestsPerMinute: Int32? = nil,
        burst: Int32? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> OrganizationID {
        let id = OrganizationID.fresh(at: .now())
        try Self.requireRange(requestsPerMinute, "requests_per_minute")
        try Self.requireRange(burst, "burst")
        try Self.requireTier(tier, &connection, within: within)
        return try self.act(&connection, subject: name, within: within) { connection throws(ConfigurationError) in
            _ = try Self.run(Self.insert, &connection, within: within) { parameters in
                parameters.append(id)
                parameters.append(name)
                parameters.append(tier)
                parameters.append(requestsPerMinute)
                parameters.append(burst)
            }
            try self.audit(
                .createOrganization,
                of: name,
                organization: id,
                after: Self.limits(tier: tier, requestsPerMinute: requestsPerMinute, burst: burst),
                &connection,
                within: within
            )
            return id
        }
    }

    /// Reads every organization by name, with the limits in force.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func organizations(
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [OrganizationRecord] {
        try Self.read { () throws(PostgresError) in try OrganizationReader.load(&connection, within: within) }
    }

    private static let find = Statement(
        "organization_find",
        "SELECT id FROM postern.organizations WHERE name = $1 OR id::text = lower($1) ORDER BY name = $1 DESC",
        [.text]
    )

    /// Finds an organization by its name, or by its id as text.
    ///
    /// - Throws: ``ConfigurationError/organizationNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func organization(
        _ reference: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> OrganizationID {
        let rows = try Self.run(Self.find, &connection, within: within) { $0.append(reference) }
        guard rows.count > 0 else { throw .organizationNotFound(reference) }
        return try Self.read { () throws(PostgresError) in try rows.id(0, 0) }
    }

    private static let update = Statement(
        "organization_limits",
        """
        UPDATE postern.organizations o SET tier = $2, requests_per_minute = $3, burst = $4
        FROM (SELECT id, tier, requests_per_minute, burst FROM postern.organizations WHERE id = $1 FOR UPDATE) was
        WHERE o.id = was.id RETURNING o.name, was.tier, was.requests_per_minute, was.burst
        """,
        [.uuid, .text, .int32, .int32]
    )

    /// Sets an organization's tier and its own limits; `nil` leaves the tier's in force.
    ///
    /// - Throws: ``ConfigurationError``: `organizationNotFound`, `invalid`, `unknownTier` or `database`.
    package func setLimits(
        of organization: OrganizationID,
        tier: String,
        requestsPerMinute: Int32?,
        burst: Int32?,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try Self.requireRange(requestsPerMinute, "requests_per_minute")
        try Self.requireRange(burst, "burst")
        try Self.requireTier(tier, &connection, within: within)
        try self.act(&connection, subject: "\(organization)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.update, &connection, within: within) { parameters in
                parameters.append(organization)
                parameters.append(tier)
                parameters.append(requestsPerMinute)
                parameters.append(burst)
            }
            guard rows.count > 0 else { throw .organizationNotFound("\(organization)") }
            let (name, before) = try Self.read { () throws(PostgresError) in
                (
                    try rows.text(0, 0),
                    Self.limits(
                        tier: try rows.text(0, 1),
                        requestsPerMinute: try rows.int32OrNil(0, 2),
                        burst: try rows.int32OrNil(0, 3)
                    )
                )
            }
            try self.audit(
                .setLimits,
                of: name,
                organization: organization,
                before: before,
                after: Self.limits(tier: tier, requestsPerMinute: requestsPerMinute, burst: burst),
                &connection,
                within: within
            )
        }
    }

    private static let tier = Statement("tier_find", "SELECT FROM postern.tiers WHERE name = $1", [.text])

    private static func requireTier(
        _ name: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        let rows = try Self.run(Self.tier, &connection, within: within) { $0.append(name) }
        if rows.count == 0 { throw .unknownTier(name) }
    }

    private static func limits(tier: String, requestsPerMinute: Int32?, burst: Int32?) -> [String: String] {
        var values = ["tier": tier]
        if let requestsPerMinute { values["requests_per_minute"] = String(requestsPerMinute) }
        if let burst { values["burst"] = String(burst) }
        return values
    }
}
