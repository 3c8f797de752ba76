package import PosternModel
package import PosternPostgres

/// Looks for what proves that single deliveries were processed: their keys and their events.
///
/// For a session of the operator; what asks the ledger alone is for the consumer's, too. Blocking: connection threads only.
package enum EventProofs {
    /// A version of a platform's definition that made events.
    package struct DefinitionUse: Sendable, Hashable {
        package let platform: String
        package let version: Int32
    }

    private static let ledger = Statement(
        "accounting_ledger",
        """
        SELECT w.place, k.delivery_id
        FROM unnest($1::integer[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS w(lane, org_id, key, place)
        JOIN postern.event_keys k ON k.lane = w.lane AND k.org_id = w.org_id AND k.key = w.key
        """,
        [.int32Array, .uuidArray, .uuidArray]
    )

    // One scan of the lanes' later events serves all the deliveries asked for.
    private static let late = Statement(
        "accounting_late_events",
        """
        SELECT DISTINCT w.place
        FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS w(lane, delivery_id, place)
        JOIN postern.events e ON e.lane = w.lane AND e.delivery_id = w.delivery_id
        WHERE e.stored_at >= $3
        """,
        [.int32Array, .uuidArray, .timestamp]
    )

    private static let keys = Statement(
        "accounting_event_keys",
        """
        SELECT DISTINCT w.place
        FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[])
            WITH ORDINALITY AS w(lane, endpoint_id, account, key, place)
        JOIN postern.events e ON e.lane = w.lane AND e.endpoint_id = w.endpoint_id AND e.key = w.key
            AND coalesce(e.account, '') = w.account
        WHERE e.stored_at >= $5
        """,
        [.int32Array, .uuidArray, .textArray, .textArray, .timestamp]
    )

    private static let definitions = Statement(
        "accounting_definitions",
        """
        SELECT DISTINCT platform, definition_version FROM postern.events
        WHERE lane = ANY ($1) AND platform = ANY ($2) AND stored_at >= $3
        """,
        [.int32Array, .textArray, .timestamp]
    )

    /// Finds which of these keys the ledger has, and the first delivery that carried each.
    package static func ledger(
        _ keys: [AccountedKey],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [AccountedKey: DeliveryID] {
        guard !keys.isEmpty else { return [:] }
        var parameters = ParameterBuffer()
        parameters.append(keys)
        let rows = try connection.query(Self.ledger, parameters, within: within)
        var found: [AccountedKey: DeliveryID] = [:]
        for row in 0..<rows.count { found[keys[Int(try rows.int64(row, 0)) - 1]] = try rows.id(row, 1) }
        return found
    }

    /// Finds which of these deliveries have events stored at `time` or later.
    package static func deliveriesWithEvents(
        _ deliveries: [ReadDelivery],
        storedSince time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<DeliveryID> {
        guard !deliveries.isEmpty else { return [] }
        var parameters = ParameterBuffer()
        parameters.append(deliveries.map(\.head.lane.number))
        parameters.append(deliveries.map(\.id))
        parameters.append(time)
        let rows = try connection.query(Self.late, parameters, within: within)
        var found: Set<DeliveryID> = []
        for row in 0..<rows.count { found.insert(deliveries[Int(try rows.int64(row, 0)) - 1].id) }
        return found
    }

    /// Finds which of these keys an event stored at `time` or later bears, whoever brought it.
    package static func keysWithEvents(
        _ keys: [AccountedKey],
        storedSince time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<AccountedKey> {
        guard !keys.isEmpty else { return [] }
        var parameters = ParameterBuffer()
        parameters.append(keys.map(\.lane.number))
        parameters.append(keys.map(\.endpoint))
        parameters.append(keys.map(\.account))
        parameters.append(keys.map(\.key))
        parameters.append(time)
        let rows = try connection.query(Self.keys, parameters, within: within)
        var found: Set<AccountedKey> = []
        for row in 0..<rows.count { found.insert(keys[Int(try rows.int64(row, 0)) - 1]) }
        return found
    }

    /// Finds which versions of these platforms' definitions made the events stored at `time` or later in these lanes.
    package static func definitions(
        of platforms: Set<String>,
        in lanes: Set<Lane>,
        storedSince time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<DefinitionUse> {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(Array(platforms))
        parameters.append(time)
        let rows = try connection.query(Self.definitions, parameters, within: within)
        var uses: Set<DefinitionUse> = []
        for row in 0..<rows.count {
            uses.insert(DefinitionUse(platform: try rows.text(row, 0), version: try rows.int32(row, 1)))
        }
        return uses
    }
}
