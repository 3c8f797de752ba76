package import PosternModel
package import PosternPostgres

/// Reads limits and how they are used.
///
/// For the operator. Blocking: connection threads only.
package enum LimitReader {
    private static let tiers = Statement(
        "limit_tiers",
        """
        SELECT t.name, t.requests_per_minute, t.burst, t.shadow,
            (SELECT count(*) FROM postern.organizations o WHERE o.tier = t.name)
        FROM postern.tiers t ORDER BY t.requests_per_minute NULLS LAST, t.name
        """
    )

    /// Reads every tier, the lowest limit first.
    package static func tiers(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [TierRecord] {
        let rows = try connection.query(Self.tiers, within: within)
        var tiers: [TierRecord] = []
        for row in 0..<rows.count {
            tiers.append(
                TierRecord(
                    name: try rows.text(row, 0),
                    limit: try LimitRows.limit(rows, row, from: 1),
                    organizations: try rows.int64(row, 4)
                )
            )
        }
        return tiers
    }

    /// Reads the limits that belong to no organization.
    package static func scopes(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [LimitScope: ConfiguredLimit] {
        try LimitRows.scopes(connection.query(DirectoryStatements.scopeLimits, within: within))
    }

    // A debt shrinks by the time that passed since it was written; one that is paid is 0, and one nobody wrote is NULL.
    private static let debt = """
        SELECT greatest(0, max(c.debt_microseconds - (extract(epoch FROM now() - c.seen_at) * 1000000)::bigint))
        FROM postern.limit_counts c WHERE c.subject =
        """

    private static let organization = Statement(
        "limit_status",
        """
        SELECT \(LimitRows.organizationColumns), o.name,
            o.requests_per_minute IS NOT NULL OR o.burst IS NOT NULL,
            CASE WHEN EXISTS (SELECT FROM postern.limit_counts c WHERE c.subject = o.id) THEN (\(Self.debt) o.id) END,
            (SELECT count(*) FROM postern.gateways WHERE seen_at > now() - interval '10 seconds'),
            ARRAY(SELECT DISTINCT shares FROM postern.gateways WHERE seen_at > now() - interval '10 seconds' ORDER BY 1)
        FROM postern.organizations o JOIN postern.tiers t ON t.name = o.tier WHERE o.id = $1
        """,
        [.uuid]
    )

    private static let endpoints = Statement(
        "limit_status_endpoints",
        """
        SELECT \(EndpointRecord.columns),
            CASE WHEN EXISTS (SELECT FROM postern.limit_counts c WHERE c.subject = e.id) THEN (\(Self.debt) e.id) END,
            q.count, q.bytes
        FROM postern.endpoints e CROSS JOIN LATERAL (
            SELECT count(*) AS count, coalesce(sum(r.bytes), 0)::bigint AS bytes
            FROM postern.quarantined_requests r WHERE r.endpoint_id = e.id
        ) q
        WHERE e.org_id = $1 ORDER BY e.platform, e.name
        """,
        [.uuid]
    )

    /// Reads how an organization stands; `nil` when there is none.
    package static func status(
        of organization: OrganizationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> LimitStatus? {
        var parameters = ParameterBuffer()
        parameters.append(organization)
        let rows = try connection.query(Self.organization, parameters, within: within)
        guard rows.count > 0, let known = try LimitRows.organizations(rows).first else { return nil }
        let traffic = try Self.lastHour(of: organization, &connection, within: within)
        return LimitStatus(
            organization: organization,
            name: try rows.text(0, 5),
            tier: known.tier,
            limit: known.limit,
            hasOverride: try rows.bool(0, 6),
            debtMicroseconds: try rows.int64OrNil(0, 7),
            gateways: try rows.int64(0, 8),
            shares: try rows.texts(0, 9),
            accepted: traffic.accepted,
            refused: traffic.refused,
            shadowed: traffic.shadowed,
            endpoints: try Self.endpoints(connection.query(Self.endpoints, parameters, within: within))
        )
    }

    private static func endpoints(_ rows: Rows) throws(PostgresError) -> [LimitStatus.Endpoint] {
        var endpoints: [LimitStatus.Endpoint] = []
        for row in 0..<rows.count {
            // A row no program of this version can have written: left out here, reported by the gateway.
            guard case .success(let endpoint) = try EndpointRecord.read(rows, row) else { continue }
            endpoints.append(
                LimitStatus.Endpoint(
                    endpoint: endpoint,
                    debtMicroseconds: try rows.int64OrNil(row, EndpointRecord.columnCount),
                    quarantinedCount: try rows.int64(row, EndpointRecord.columnCount + 1),
                    quarantinedBytes: try rows.int64(row, EndpointRecord.columnCount + 2)
                )
            )
        }
        return endpoints
    }

    private static func lastHour(
        of organization: OrganizationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> (accepted: Int64, refused: [String: Int64], shadowed: [String: Int64]) {
        let now = Timestamp.now()
        let sums = try TrafficSums.load(
            of: organization,
            from: now.advanced(by: .seconds(-3600)),
            // A gateway's clock may be ahead.
            to: now.advanced(by: .seconds(60)),
            &connection,
            within: within
        )
        var accepted: Int64 = 0
        var refused: [String: Int64] = [:]
        var shadowed: [String: Int64] = [:]
        for sum in sums {
            switch sum.outcome {
            case .accepted: accepted += sum.count
            case .rejected(let reason): refused[reason, default: 0] += sum.count
            case .shadowed(let reason): shadowed[reason, default: 0] += sum.count
            case .handshake, .normalized, .duplicate, .event, .unrecognized, .retried, .recovered, .deadLettered: break
            }
        }
        return (accepted, refused, shadowed)
    }
}
