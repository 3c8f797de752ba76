internal import PosternModel
internal import PosternPostgres

extension EndpointRecord {
    /// The columns ``read(_:_:)`` expects, of a table or alias `e`.
    static let columns = """
        e.id, e.org_id, e.platform, e.scheme, e.key, e.name, e.lane, e.state,
        ARRAY(SELECT k FROM jsonb_each_text(e.parameters) AS p(k, v) WHERE v IS NOT NULL ORDER BY k),
        ARRAY(SELECT v FROM jsonb_each_text(e.parameters) AS p(k, v) WHERE v IS NOT NULL ORDER BY k),
        e.tolerance_seconds, e.routes_accounts, e.created_at,
        e.requests_per_minute, e.burst, e.allowed_networks IS NOT NULL, coalesce(e.allowed_networks::text[], '{}'),
        e.quarantine_bytes, e.quarantine_hours
        """

    /// How many ``columns`` there are: where a statement's own begin.
    static let columnCount = 19

    /// Reads one row of ``columns``, without secrets; a failure is a value this program cannot work with.
    static func read(_ rows: Rows, _ row: Int) throws(PostgresError) -> Result<EndpointRecord, DirectoryFault> {
        let id: EndpointID = try rows.id(row, 0)
        let organization: OrganizationID = try rows.id(row, 1)
        let name = try rows.text(row, 5)
        func fault(_ column: String) -> Result<EndpointRecord, DirectoryFault> {
            .failure(
                DirectoryFault(endpoint: id, name: name, organization: organization, reason: .malformed(column: column))
            )
        }
        guard let platform = PlatformName(try rows.text(row, 2)) else { return fault("platform") }
        guard let key = EndpointKey(try rows.text(row, 4)) else { return fault("key") }
        guard let state = State(rawValue: try rows.text(row, 7)) else { return fault("state") }
        let parameters = Dictionary(
            zip(try rows.texts(row, 8), try rows.texts(row, 9)),
            uniquingKeysWith: { first, _ in first }
        )
        return .success(
            EndpointRecord(
                id: id,
                organization: organization,
                platform: platform,
                scheme: try rows.text(row, 3),
                key: key,
                name: name,
                lane: Lane(try rows.int32(row, 6)),
                state: state,
                parameters: parameters,
                toleranceSeconds: try rows.int32OrNil(row, 10),
                routesAccounts: try rows.bool(row, 11),
                requestsPerMinute: try rows.int32OrNil(row, 13),
                burst: try rows.int32OrNil(row, 14),
                allowedNetworks: try rows.bool(row, 15) ? try rows.texts(row, 16) : nil,
                quarantineBytes: try rows.int32OrNil(row, 17),
                quarantineHours: try rows.int32(row, 18),
                createdAt: try rows.timestamp(row, 12),
                secrets: []
            )
        )
    }
}
