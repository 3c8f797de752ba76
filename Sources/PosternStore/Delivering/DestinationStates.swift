package import PosternModel
package import PosternPostgres

/// The state and the circuit of a destination, which all consumers share.
///
/// Each change names the state it starts from, and says whether it was the one to make it. Blocking: connection threads
/// only.
package enum DestinationStates {
    private static let open = Statement(
        "delivery_circuit_open",
        """
        UPDATE postern.destinations
        SET circuit = 'open', circuit_reason = $2, circuit_changed_at = now(), circuit_until = $3,
            circuit_openings = circuit_openings + 1
        WHERE id = $1 AND circuit = 'closed' AND deleted_at IS NULL
        """,
        [.uuid, .text, .timestamp]
    )

    private static let probe = Statement(
        "delivery_circuit_probe",
        """
        UPDATE postern.destinations SET circuit = 'half_open', circuit_changed_at = now(), circuit_until = $3
        WHERE id = $1 AND circuit IN ('open', 'half_open') AND circuit_until <= $2 AND deleted_at IS NULL
        """,
        [.uuid, .timestamp, .timestamp]
    )

    private static let reopen = Statement(
        "delivery_circuit_reopen",
        """
        UPDATE postern.destinations
        SET circuit = 'open', circuit_reason = $2, circuit_changed_at = now(), circuit_until = $3,
            circuit_openings = circuit_openings + 1
        WHERE id = $1 AND circuit = 'half_open' AND deleted_at IS NULL
        """,
        [.uuid, .text, .timestamp]
    )

    private static let close = Statement(
        "delivery_circuit_close",
        """
        UPDATE postern.destinations
        SET circuit = 'closed', circuit_reason = NULL, circuit_changed_at = now(), circuit_until = NULL,
            circuit_openings = 0
        WHERE id = $1 AND circuit = 'half_open'
        """,
        [.uuid]
    )

    private static let disable = Statement(
        "delivery_disable",
        """
        UPDATE postern.destinations SET state = 'disabled', state_reason = $2, updated_at = now()
        WHERE id = $1 AND state <> 'disabled' AND deleted_at IS NULL
        RETURNING updated_at
        """,
        [.uuid, .text]
    )

    /// Opens a closed circuit until `until`, when a probe may start.
    package static func openCircuit(
        of destination: DestinationID,
        reason: String,
        until: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        parameters.append(StorableText.of(reason))
        parameters.append(until)
        return try Self.change(Self.open, parameters, &connection, within: within)
    }

    /// Takes the probe of an open circuit whose time has come at `now`, or of a half-open one whose prober did not come
    /// back; others may take it in turn after `until`.
    package static func startProbe(
        of destination: DestinationID,
        at now: Timestamp,
        until: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        parameters.append(now)
        parameters.append(until)
        return try Self.change(Self.probe, parameters, &connection, within: within)
    }

    /// Opens a half-open circuit again: the probe failed.
    package static func reopenCircuit(
        of destination: DestinationID,
        reason: String,
        until: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        parameters.append(StorableText.of(reason))
        parameters.append(until)
        return try Self.change(Self.reopen, parameters, &connection, within: within)
    }

    /// Closes a half-open circuit: the probe succeeded.
    package static func closeCircuit(
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        return try Self.change(Self.close, parameters, &connection, within: within)
    }

    /// Disables a destination: it wants no more; gives the time of the change, `nil` when it was not ours to make.
    package static func disable(
        _ destination: DestinationID,
        reason: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Timestamp? {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        parameters.append(StorableText.of(reason))
        let rows = try connection.query(Self.disable, parameters, within: within)
        return rows.count > 0 ? try rows.timestamp(0, 0) : nil
    }

    private static func change(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        try connection.query(statement, parameters, within: within).affected == 1
    }
}
