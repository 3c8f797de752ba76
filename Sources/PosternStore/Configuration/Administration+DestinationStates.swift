package import PosternModel
package import PosternPostgres

extension Administration {
    /// What a person does to a destination's state.
    private struct StateChange {
        let act: AuditedAct
        let state: DestinationState
        let reason: String?
    }

    // Whoever switches a destination on has seen to it, so that its circuit begins anew.
    private static let state = Statement(
        "destination_state",
        """
        UPDATE postern.destinations d SET state = $2, state_reason = $3,
            circuit = CASE WHEN $2 = 'enabled' THEN 'closed' ELSE d.circuit END,
            circuit_reason = CASE WHEN $2 = 'enabled' THEN NULL ELSE d.circuit_reason END,
            circuit_changed_at = CASE WHEN $2 = 'enabled' AND d.circuit <> 'closed' THEN now()
                ELSE d.circuit_changed_at END,
            circuit_until = CASE WHEN $2 = 'enabled' THEN NULL ELSE d.circuit_until END,
            circuit_openings = CASE WHEN $2 = 'enabled' THEN 0 ELSE d.circuit_openings END,
            updated_at = now()
        FROM (SELECT * FROM postern.destinations WHERE id = $1 AND deleted_at IS NULL FOR UPDATE) was
        WHERE d.id = was.id
        RETURNING was.org_id, was.state, coalesce(was.state_reason, ''), was.circuit
        """,
        [.uuid, .text, .text]
    )

    /// Holds a destination's events back in the log until it is resumed; what is under way is finished.
    ///
    /// - Throws: ``ConfigurationError/destinationNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func pauseDestination(
        _ destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        let change = StateChange(act: .pauseDestination, state: .paused, reason: nil)
        return try self.change(destination, change, &connection, within: within)
    }

    /// Sends to a paused or disabled destination again, and closes its circuit.
    ///
    /// - Throws: ``ConfigurationError/destinationNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func resumeDestination(
        _ destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        let change = StateChange(act: .resumeDestination, state: .enabled, reason: nil)
        return try self.change(destination, change, &connection, within: within)
    }

    /// Enables a destination, like ``resumeDestination(_:_:within:)``, or disables it.
    ///
    /// A disabled destination gets nothing, and the log does not wait for it.
    ///
    /// - Parameters:
    ///   - enabled: which.
    ///   - destination: of which destination.
    ///   - reason: why it is disabled, for whoever looks; at most 500 characters are kept.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the destination as it is then.
    /// - Throws: ``ConfigurationError/destinationNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func setDestination(
        enabled: Bool,
        _ destination: DestinationID,
        reason: String? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        let change =
            enabled
            ? StateChange(act: .enableDestination, state: .enabled, reason: nil)
            : StateChange(
                act: .disableDestination,
                state: .disabled,
                reason: reason.map { StorableText.of(String($0.prefix(500))) }
            )
        return try self.change(destination, change, &connection, within: within)
    }

    private func change(
        _ destination: DestinationID,
        _ change: StateChange,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        try self.act(&connection, subject: "\(destination)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.state, &connection, within: within) { parameters in
                parameters.append(destination)
                parameters.append(change.state.rawValue)
                parameters.append(change.reason)
            }
            guard rows.count > 0 else { throw .destinationNotFound("\(destination)") }
            let (organization, before): (OrganizationID, [String: String]) = try Self.read {
                () throws(PostgresError) in
                (
                    try rows.id(0, 0),
                    [
                        "state": try rows.text(0, 1), "state_reason": try rows.text(0, 2),
                        "circuit": try rows.text(0, 3),
                    ]
                )
            }
            var after = ["state": change.state.rawValue, "state_reason": change.reason ?? ""]
            after["circuit"] = change.state == .enabled ? CircuitState.closed.rawValue : before["circuit"]
            try self.audit(
                change.act,
                of: "\(destination)",
                organization: organization,
                before: before,
                after: after,
                &connection,
                within: within
            )
            return try Self.listing(of: destination, &connection, within: within)
        }
    }
}
