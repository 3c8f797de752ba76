internal import PosternModel
internal import PosternPostgres

extension DestinationRecord {
    /// The columns ``read(_:_:)`` expects, of `destinations` as `d` and `organizations` as `o`.
    static let columns = """
        d.id, d.org_id, o.name, d.name, d.kind, d.state, d.state_reason, d.url, d.channel, d.form, d.timeout_ms,
        d.concurrency, d.rate_per_second, d.retry_delays, d.ordered, d.allows_private, d.circuit, d.circuit_reason,
        d.circuit_changed_at, d.circuit_until, d.circuit_openings, d.created_at, d.updated_at
        """

    /// How many ``columns`` there are: where a statement's own begin.
    static let columnCount = 23

    /// Reads one row of ``columns``, without subscriptions and secrets; a failure is a value this program cannot work
    /// with.
    static func read(_ rows: Rows, _ row: Int) throws(PostgresError) -> Result<DestinationRecord, DestinationFault> {
        let id: DestinationID = try rows.id(row, 0)
        let organization: OrganizationID = try rows.id(row, 1)
        let name = try rows.text(row, 3)
        func fault(_ column: String) -> Result<DestinationRecord, DestinationFault> {
            .failure(
                DestinationFault(
                    destination: id,
                    name: name,
                    organization: organization,
                    reason: .malformed(column: column)
                )
            )
        }
        guard let kind = DestinationKind(rawValue: try rows.text(row, 4)) else { return fault("kind") }
        guard let state = DestinationState(rawValue: try rows.text(row, 5)) else { return fault("state") }
        guard let form = DestinationForm(rawValue: try rows.text(row, 9)) else { return fault("form") }
        guard let circuit = CircuitState(rawValue: try rows.text(row, 16)) else { return fault("circuit") }
        return .success(
            DestinationRecord(
                id: id,
                organization: organization,
                organizationName: try rows.text(row, 2),
                name: name,
                kind: kind,
                state: state,
                stateReason: try rows.textOrNil(row, 6),
                url: try rows.textOrNil(row, 7),
                channel: try rows.textOrNil(row, 8),
                form: form,
                timeout: .milliseconds(try rows.int32(row, 10)),
                concurrency: Int(try rows.int32(row, 11)),
                ratePerSecond: try rows.int32OrNil(row, 12).map(Int.init),
                retryDelays: try rows.int32s(row, 13).map { Duration.seconds($0) },
                isOrdered: try rows.bool(row, 14),
                allowsPrivate: try rows.bool(row, 15),
                circuit: CircuitRecord(
                    state: circuit,
                    reason: try rows.textOrNil(row, 17),
                    changedAt: try rows.timestampOrNil(row, 18),
                    until: try rows.timestampOrNil(row, 19),
                    openings: try rows.int32(row, 20)
                ),
                createdAt: try rows.timestamp(row, 21),
                updatedAt: try rows.timestamp(row, 22)
            )
        )
    }
}
