internal import PosternPostgres

/// The statements that read destinations.
enum DestinationStatements {
    private static let tables = "postern.destinations d JOIN postern.organizations o ON o.id = d.org_id"

    static let all = Statement(
        "destination_all",
        "SELECT \(DestinationRecord.columns) FROM \(Self.tables) WHERE d.deleted_at IS NULL ORDER BY o.name, d.name"
    )

    private static let active = "s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())"

    private static let listing = """
        SELECT \(DestinationRecord.columns),
            (SELECT count(*) FROM postern.destination_secrets s
             WHERE s.destination_id = d.id AND s.kind = 'signing' AND \(Self.active)),
            ARRAY(SELECT DISTINCT s.name FROM postern.destination_secrets s
                  WHERE s.destination_id = d.id AND s.kind = 'header' AND \(Self.active) ORDER BY s.name)
        FROM \(Self.tables)
        """

    static let list = Statement(
        "destination_list",
        """
        \(Self.listing) WHERE d.deleted_at IS NULL AND ($1::uuid IS NULL OR d.org_id = $1)
        ORDER BY o.name, d.name
        """,
        [.uuid]
    )

    static let named = Statement(
        "destination_named",
        """
        \(Self.listing) WHERE d.deleted_at IS NULL AND (d.id::text = lower($1) OR d.name = $1)
            AND ($2::uuid IS NULL OR d.org_id = $2)
        ORDER BY d.id::text = lower($1) DESC, d.id LIMIT 2
        """,
        [.text, .uuid]
    )

    static let subscriptions = Statement(
        "destination_subscriptions",
        """
        SELECT s.id, s.destination_id, s.type_glob, s.filters
        FROM postern.subscriptions s JOIN postern.destinations d ON d.id = s.destination_id
        WHERE d.deleted_at IS NULL AND ($1::uuid[] IS NULL OR s.destination_id = ANY ($1))
        ORDER BY s.created_at, s.id
        """,
        [.uuidArray]
    )

    static let secrets = Statement(
        "destination_secrets",
        """
        SELECT s.id, s.destination_id, s.kind, s.name, s.sealed, s.created_at, s.expires_at
        FROM postern.destination_secrets s JOIN postern.destinations d ON d.id = s.destination_id
        WHERE d.deleted_at IS NULL AND ($1::uuid IS NULL OR d.id = $1) AND \(Self.active)
        ORDER BY s.created_at DESC, s.id DESC
        """,
        [.uuid]
    )

    static let deleted = Statement(
        "destination_deleted",
        "SELECT id FROM postern.destinations WHERE id = ANY ($1) AND deleted_at IS NOT NULL ORDER BY id",
        [.uuidArray]
    )

    static let secretList = Statement(
        "destination_secret_list",
        """
        SELECT id, kind, name,
            CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END,
            created_at, expires_at, revoked_at
        FROM postern.destination_secrets WHERE destination_id = $1 ORDER BY created_at DESC, id DESC
        """,
        [.uuid]
    )
}
