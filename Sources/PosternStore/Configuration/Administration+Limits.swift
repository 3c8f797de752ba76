package import PosternModel
package import PosternPostgres

extension Administration {
    private static let move = Statement(
        "organization_tier",
        """
        UPDATE postern.organizations o SET tier = $2,
            requests_per_minute = CASE WHEN $3 THEN NULL ELSE was.requests_per_minute END,
            burst = CASE WHEN $3 THEN NULL ELSE was.burst END
        FROM (SELECT id, tier, requests_per_minute, burst FROM postern.organizations WHERE id = $1 FOR UPDATE) was
        WHERE o.id = was.id
        RETURNING o.name, was.tier, was.requests_per_minute, was.burst, o.requests_per_minute, o.burst
        """,
        [.uuid, .text, .bool]
    )

    /// Puts an organization into another tier.
    ///
    /// - Parameters:
    ///   - organization: which.
    ///   - tier: the tier whose limits hold where the organization has none of its own.
    ///   - clearOverrides: whether its own limits go, so that the tier's hold.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Throws: ``ConfigurationError``: `organizationNotFound`, `unknownTier` or `database`.
    package func setTier(
        of organization: OrganizationID,
        tier: String,
        clearOverrides: Bool = false,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: tier, within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.move, &connection, within: within) { parameters in
                parameters.append(organization)
                parameters.append(tier)
                parameters.append(clearOverrides)
            }
            guard rows.count > 0 else { throw .organizationNotFound("\(organization)") }
            let (name, before, after) = try Self.read { () throws(PostgresError) in
                let was = ConfiguredLimit(
                    requestsPerMinute: try rows.int32OrNil(0, 2),
                    burst: try rows.int32OrNil(0, 3)
                )
                let now = ConfiguredLimit(
                    requestsPerMinute: try rows.int32OrNil(0, 4),
                    burst: try rows.int32OrNil(0, 5)
                )
                return (
                    try rows.text(0, 0), Self.overrides(was).merging(["tier": try rows.text(0, 1)]) { $1 },
                    Self.overrides(now).merging(["tier": tier]) { $1 }
                )
            }
            try self.audit(
                .setTier,
                of: name,
                organization: organization,
                before: before,
                after: after,
                &connection,
                within: within
            )
        }
    }

    private static let tierLimit = Statement(
        "tier_limit",
        """
        UPDATE postern.tiers t SET requests_per_minute = $2, burst = $3, shadow = $4
        FROM (SELECT * FROM postern.tiers WHERE name = $1 FOR UPDATE) was
        WHERE t.name = was.name RETURNING was.requests_per_minute, was.burst, was.shadow
        """,
        [.text, .int32, .int32, .bool]
    )

    /// Sets the limit of a tier, for every organization in it that has none of its own.
    ///
    /// - Throws: ``ConfigurationError``: `unknownTier`, `invalid` or `database`.
    package func setTierLimit(
        _ tier: String,
        _ limit: ConfiguredLimit,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.setLimit(Self.tierLimit, tier, limit, .setTierLimit, &connection, within: within) {
            () throws(ConfigurationError) in throw .unknownTier(tier)
        }
    }

    private static let scopeLimit = Statement(
        "scope_limit",
        """
        UPDATE postern.gateway_limits l SET requests_per_minute = $2, burst = $3, shadow = $4
        FROM (SELECT * FROM postern.gateway_limits WHERE scope = $1 FOR UPDATE) was
        WHERE l.scope = was.scope RETURNING was.requests_per_minute, was.burst, was.shadow
        """,
        [.text, .int32, .int32, .bool]
    )

    /// Sets a limit that belongs to no organization.
    ///
    /// - Throws: ``ConfigurationError``: `invalid` or `database`.
    package func setScopeLimit(
        _ scope: LimitScope,
        _ limit: ConfiguredLimit,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.setLimit(Self.scopeLimit, scope.rawValue, limit, .setScopeLimit, &connection, within: within) {
            () throws(ConfigurationError) in
            throw .invalid(field: "scope", reason: "the database has no limit '\(scope.rawValue)'")
        }
    }

    private func setLimit(
        _ statement: Statement,
        _ name: String,
        _ limit: ConfiguredLimit,
        _ act: AuditedAct,
        _ connection: inout Connection,
        within: Duration,
        missing: () throws(ConfigurationError) -> Void
    ) throws(ConfigurationError) {
        try Self.requireRange(limit.requestsPerMinute, "requests_per_minute")
        try Self.requireRange(limit.burst, "burst")
        try self.act(&connection, subject: name, within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(statement, &connection, within: within) { parameters in
                parameters.append(name)
                parameters.append(limit.requestsPerMinute)
                parameters.append(limit.burst)
                parameters.append(limit.isShadow)
            }
            if rows.count == 0 { try missing() }
            let before = try Self.read { () throws(PostgresError) in try LimitRows.limit(rows, 0, from: 0) }
            try self.audit(
                act,
                of: name,
                organization: nil,
                before: Self.words(before),
                after: Self.words(limit),
                &connection,
                within: within
            )
        }
    }

    /// Refuses a number no limit can have; `nil` is none.
    static func requireRange(_ value: Int32?, _ field: String) throws(ConfigurationError) {
        let range = ConfiguredLimit.range
        guard let value, !range.contains(value) else { return }
        throw .invalid(field: field, reason: "\(range.lowerBound) to \(range.upperBound)")
    }

    /// An organization's own numbers for the audit log.
    private static func overrides(_ limit: ConfiguredLimit) -> [String: String] {
        var values: [String: String] = [:]
        if let rate = limit.requestsPerMinute { values["requests_per_minute"] = String(rate) }
        if let burst = limit.burst { values["burst"] = String(burst) }
        return values
    }

    private static func words(_ limit: ConfiguredLimit) -> [String: String] {
        var values = [
            "requests_per_minute": limit.requestsPerMinute.map(String.init) ?? "unlimited",
            "shadow": String(limit.isShadow),
        ]
        if let burst = limit.burst { values["burst"] = String(burst) }
        return values
    }
}
