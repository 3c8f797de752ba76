package import PosternModel
package import PosternPostgres

extension Administration {
    // What is NULL here stays; a rate has a NULL of its own, so a flag goes with it.
    private static let change = Statement(
        "destination_change",
        """
        UPDATE postern.destinations d SET
            name = coalesce($2, d.name), url = coalesce($3, d.url), channel = coalesce($4, d.channel),
            form = coalesce($5, d.form), timeout_ms = coalesce($6, d.timeout_ms),
            concurrency = coalesce($7, d.concurrency),
            rate_per_second = CASE WHEN $8 THEN $9 ELSE d.rate_per_second END,
            retry_delays = coalesce($10, d.retry_delays), ordered = coalesce($11, d.ordered),
            allows_private = coalesce($12, d.allows_private),
            circuit = CASE WHEN $3 <> d.url THEN 'closed' ELSE d.circuit END,
            circuit_reason = CASE WHEN $3 <> d.url THEN NULL ELSE d.circuit_reason END,
            circuit_changed_at = CASE WHEN $3 <> d.url AND d.circuit <> 'closed' THEN now()
                ELSE d.circuit_changed_at END,
            circuit_until = CASE WHEN $3 <> d.url THEN NULL ELSE d.circuit_until END,
            circuit_openings = CASE WHEN $3 <> d.url THEN 0 ELSE d.circuit_openings END,
            updated_at = now()
        FROM (SELECT * FROM postern.destinations WHERE id = $1 AND deleted_at IS NULL FOR UPDATE) was
        WHERE d.id = was.id
        RETURNING was.name, was.url, was.channel, was.form, was.timeout_ms::text, was.concurrency::text,
            was.rate_per_second::text, array_to_string(was.retry_delays, ' '), was.ordered::text,
            was.allows_private::text
        """,
        [
            .uuid, .text, .text, .text, .text, .int32, .int32, .bool, .int32, .int32Array, .bool, .bool,
        ]
    )

    private static let changeColumns = [
        "name", "url", "channel", "form", "timeout_ms", "concurrency", "rate_per_second", "retry_delays", "ordered",
        "allows_private",
    ]

    /// Changes what a destination is and how it is treated; its kind stays.
    ///
    /// - Returns: the destination as it is then; unchanged, and without a line in the audit log, for an empty change.
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `destinationExists`, `invalid` or `database`.
    package func changeDestination(
        _ destination: DestinationID,
        _ change: DestinationChange,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        if change.isEmpty { return try Self.listing(of: destination, &connection, within: within) }
        return try self.act(&connection, subject: change.name ?? "\(destination)", within: within) {
            connection throws(ConfigurationError) in
            let (owner, kind) = try Self.owner(of: destination, &connection, within: within)
            try DestinationRules.require(change, of: kind)
            let rows = try Self.run(Self.change, &connection, within: within) { parameters in
                parameters.append(destination)
                Self.append(change, to: &parameters)
            }
            let was: [String: String] = try Self.read { () throws(PostgresError) in
                var was: [String: String] = [:]
                for (column, name) in Self.changeColumns.enumerated() {
                    was[name] = try rows.textOrNil(0, column) ?? ""
                }
                return was
            }
            let after = Self.words(of: change)
            try self.audit(
                .changeDestination,
                of: "\(destination)",
                organization: owner.organization,
                before: was.filter { after[$0.key] != nil },
                after: after,
                &connection,
                within: within
            )
            return try Self.listing(of: destination, &connection, within: within)
        }
    }

    private static func append(_ change: DestinationChange, to parameters: inout ParameterBuffer) {
        parameters.append(change.name)
        parameters.append(change.url)
        parameters.append(change.channel)
        parameters.append(change.form?.rawValue)
        parameters.append(change.timeout.map(Self.milliseconds))
        parameters.append(change.concurrency.map { Int32(clamping: $0) })
        parameters.append(change.rate != .unchanged)
        switch change.rate {
        case .unchanged, .unlimited: parameters.appendNull()
        case .perSecond(let rate): parameters.append(Int32(clamping: rate))
        }
        if let delays = change.retryDelays {
            parameters.append(Self.seconds(delays))
        } else {
            parameters.appendNull()
        }
        parameters.append(change.isOrdered)
        parameters.append(change.allowsPrivate)
    }

    /// What changes, for the audit log; an empty word is none.
    private static func words(of change: DestinationChange) -> [String: String] {
        var words: [String: String] = [:]
        words["name"] = change.name
        words["url"] = change.url
        words["channel"] = change.channel
        words["form"] = change.form?.rawValue
        words["timeout_ms"] = change.timeout.map { String(Self.milliseconds($0)) }
        words["concurrency"] = change.concurrency.map(String.init)
        switch change.rate {
        case .unchanged: break
        case .unlimited: words["rate_per_second"] = ""
        case .perSecond(let rate): words["rate_per_second"] = String(rate)
        }
        words["retry_delays"] = change.retryDelays.map(Self.text)
        words["ordered"] = change.isOrdered.map { String($0) }
        words["allows_private"] = change.allowsPrivate.map { String($0) }
        return words
    }
}
