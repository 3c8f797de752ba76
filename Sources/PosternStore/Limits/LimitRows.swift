internal import PosternModel
internal import PosternPostgres

/// Reads rows of limits, wherever a statement has them.
enum LimitRows {
    /// The columns ``organizations(_:)`` expects, of `postern.organizations o JOIN postern.tiers t`.
    static let organizationColumns = """
        o.id, o.tier, coalesce(o.requests_per_minute, t.requests_per_minute), coalesce(o.burst, t.burst), t.shadow
        """

    /// Reads rows of ``organizationColumns``.
    static func organizations(_ rows: Rows) throws(PostgresError) -> [OrganizationLimit] {
        var limits: [OrganizationLimit] = []
        limits.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            limits.append(
                OrganizationLimit(
                    organization: try rows.id(row, 0),
                    tier: try rows.text(row, 1),
                    limit: try Self.limit(rows, row, from: 2)
                )
            )
        }
        return limits
    }

    /// Reads requests a minute, burst and shadow mode from three columns.
    static func limit(_ rows: Rows, _ row: Int, from column: Int) throws(PostgresError) -> ConfiguredLimit {
        ConfiguredLimit(
            requestsPerMinute: try rows.int32OrNil(row, column),
            burst: try rows.int32OrNil(row, column + 1),
            isShadow: try rows.bool(row, column + 2)
        )
    }

    /// Reads rows of scope and limit; a scope of a newer program is not ours to apply.
    static func scopes(_ rows: Rows) throws(PostgresError) -> [LimitScope: ConfiguredLimit] {
        var limits: [LimitScope: ConfiguredLimit] = [:]
        for row in 0..<rows.count {
            guard let scope = LimitScope(rawValue: try rows.text(row, 0)) else { continue }
            limits[scope] = try Self.limit(rows, row, from: 1)
        }
        return limits
    }
}
