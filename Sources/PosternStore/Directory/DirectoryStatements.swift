internal import PosternPostgres

/// The statements that read the directory: four at most for any number of endpoints.
enum DirectoryStatements {
    private static let secretColumns = "s.id, s.endpoint_id, s.kind, s.sealed, s.created_at, s.expires_at"
    private static let active = "s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())"

    static let allEndpoints = Statement(
        "directory_endpoints",
        "SELECT \(EndpointRecord.columns) FROM postern.endpoints e ORDER BY e.id"
    )

    static let endpointByKey = Statement(
        "directory_endpoint",
        "SELECT \(EndpointRecord.columns) FROM postern.endpoints e WHERE e.key = $1",
        [.text]
    )

    static let allSecrets = Statement(
        "directory_secrets",
        """
        SELECT \(Self.secretColumns) FROM postern.endpoint_secrets s
        WHERE \(Self.active) ORDER BY s.created_at DESC, s.id DESC
        """
    )

    static let secretsByKey = Statement(
        "directory_secrets_of_key",
        """
        SELECT \(Self.secretColumns) FROM postern.endpoint_secrets s
        JOIN postern.endpoints e ON e.id = s.endpoint_id AND e.org_id = s.org_id
        WHERE e.key = $1 AND \(Self.active) ORDER BY s.created_at DESC, s.id DESC
        """,
        [.text]
    )

    static let organizationLimits = Statement(
        "directory_organization_limits",
        """
        SELECT \(LimitRows.organizationColumns)
        FROM postern.organizations o JOIN postern.tiers t ON t.name = o.tier ORDER BY o.id
        """
    )

    static let organizationLimitByKey = Statement(
        "directory_organization_limit_of_key",
        """
        SELECT \(LimitRows.organizationColumns)
        FROM postern.endpoints e JOIN postern.organizations o ON o.id = e.org_id
        JOIN postern.tiers t ON t.name = o.tier WHERE e.key = $1
        """,
        [.text]
    )

    static let scopeLimits = Statement(
        "directory_scope_limits",
        "SELECT scope, requests_per_minute, burst, shadow FROM postern.gateway_limits"
    )

    static let accounts = Statement(
        "directory_accounts",
        "SELECT platform, account, org_id FROM postern.accounts ORDER BY platform, account"
    )

    static let organizations = Statement(
        "directory_organizations",
        """
        SELECT o.id, o.name, o.tier, coalesce(o.requests_per_minute, t.requests_per_minute),
            coalesce(o.burst, t.burst), o.created_at
        FROM postern.organizations o JOIN postern.tiers t ON t.name = o.tier ORDER BY o.name
        """
    )
}
