package import PosternModel
package import PosternPostgres

extension Administration {
    private static let insert = Statement(
        "destination_create",
        """
        INSERT INTO postern.destinations (id, org_id, name, kind, url, channel, form, timeout_ms, concurrency,
            rate_per_second, retry_delays, ordered, allows_private)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        [
            .uuid, .uuid, .text, .text, .text, .text, .text, .int32, .int32, .int32, .int32Array, .bool, .bool,
        ]
    )

    // Alerts follow no log, and a cursor that never moves would keep every day of it.
    private static let begin = Statement(
        "destination_begin",
        """
        INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
        SELECT lane, $1, $2, event_number, event_number, now() FROM postern.lanes
        """,
        [.uuid, .uuid]
    )

    /// Makes a destination with its secrets and subscriptions; it gets the events stored from now on.
    ///
    /// - Returns: the destination as stored, without secrets.
    /// - Throws: ``ConfigurationError``: `organizationNotFound`, `destinationExists`, `invalid`, `notMigrated`,
    ///   `sealingKeyMissing`, `sealingFailed` or `database`.
    package func createDestination(
        _ new: NewDestination,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        try DestinationRules.require(new)
        let id = DestinationID.fresh(at: .now())
        return try self.act(&connection, subject: new.name, within: within) { connection throws(ConfigurationError) in
            try Self.insert(new, as: id, &connection, within: within)
            if new.kind != .alert {
                let lanes = try Self.run(Self.begin, &connection, within: within) { parameters in
                    parameters.append(id)
                    parameters.append(new.organization)
                }.affected
                guard lanes > 0 else { throw .notMigrated }
            }
            let owner = DestinationOwner(destination: id, organization: new.organization)
            if let signing = new.signing {
                _ = try self.insertSecret(signing, kind: .signing, name: nil, of: owner, &connection, within: within)
            }
            for (name, value) in new.headers {
                _ = try self.insertSecret(value, kind: .header, name: name, of: owner, &connection, within: within)
            }
            for subscription in new.subscriptions {
                _ = try Self.insertSubscription(subscription, of: owner, &connection, within: within)
            }
            try self.audit(
                .createDestination,
                of: "\(id)",
                organization: new.organization,
                after: Self.words(of: new),
                &connection,
                within: within
            )
            return try Self.listing(of: id, &connection, within: within)
        }
    }

    /// Reads the destinations of one organization, or of all, by organization and name.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func destinations(
        of organization: OrganizationID? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [DestinationListing] {
        try Self.read { () throws(PostgresError) in
            try DestinationReader.list(of: organization, &connection, within: within)
        }
    }

    /// Finds a destination by its id as text, or by its name when only one destination has that name.
    ///
    /// - Throws: ``ConfigurationError/destinationNotFound(_:)``, ``ConfigurationError/invalid(field:reason:)`` for a
    ///   name that several have, or ``ConfigurationError/database(_:)``.
    package func destination(
        _ reference: String,
        of organization: OrganizationID? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        let found = try Self.read { () throws(PostgresError) in
            try DestinationReader.named(reference, of: organization, &connection, within: within)
        }
        guard let first = found.first else { throw .destinationNotFound(reference) }
        guard found.count == 1 || first.destination.id.description == reference.lowercased() else {
            throw .invalid(field: "destination", reason: "several are named '\(reference)': give the id or --org")
        }
        return first
    }

    /// Reads a destination whose row is there.
    static func listing(
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> DestinationListing {
        let found = try Self.read { () throws(PostgresError) in
            try DestinationReader.named("\(destination)", &connection, within: within)
        }
        guard let listing = found.first else { throw .destinationNotFound("\(destination)") }
        return listing
    }

    private static let owner = Statement(
        "destination_owner",
        "SELECT org_id, kind FROM postern.destinations WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
        [.uuid]
    )

    /// Finds whose a destination is and what kind, and keeps other changes of it out until the act is over.
    static func owner(
        of destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> (owner: DestinationOwner, kind: DestinationKind) {
        let rows = try Self.run(Self.owner, &connection, within: within) { $0.append(destination) }
        guard rows.count > 0 else { throw .destinationNotFound("\(destination)") }
        let (organization, word): (OrganizationID, String) = try Self.read { () throws(PostgresError) in
            (try rows.id(0, 0), try rows.text(0, 1))
        }
        guard let kind = DestinationKind(rawValue: word) else {
            throw .invalid(field: "kind", reason: "is '\(word)', which this version does not know")
        }
        return (DestinationOwner(destination: destination, organization: organization), kind)
    }

    private static func insert(
        _ new: NewDestination,
        as id: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        _ = try Self.run(Self.insert, &connection, within: within) { parameters in
            parameters.append(id)
            parameters.append(new.organization)
            parameters.append(new.name)
            parameters.append(new.kind.rawValue)
            parameters.append(new.url)
            parameters.append(new.channel)
            parameters.append(new.form.rawValue)
            parameters.append(Self.milliseconds(new.timeout))
            parameters.append(Int32(clamping: new.concurrency))
            parameters.append(new.ratePerSecond.map { Int32(clamping: $0) })
            parameters.append(Self.seconds(new.retryDelays))
            parameters.append(new.isOrdered)
            parameters.append(new.allowsPrivate)
        }
    }

    /// What the audit log says of a new destination: everything but secrets.
    private static func words(of new: NewDestination) -> [String: String] {
        var words = [
            "name": new.name, "kind": new.kind.rawValue, "form": new.form.rawValue,
            "timeout_ms": String(Self.milliseconds(new.timeout)), "concurrency": String(new.concurrency),
            "rate_per_second": new.ratePerSecond.map(String.init) ?? "",
            "retry_delays": Self.text(new.retryDelays), "ordered": String(new.isOrdered),
            "allows_private": String(new.allowsPrivate),
            "headers": new.headers.map(\.name).joined(separator: " "),
            "subscriptions": String(new.subscriptions.count),
        ]
        if let url = new.url { words["url"] = url }
        if let channel = new.channel { words["channel"] = channel }
        return words
    }

    /// Whole milliseconds of a duration that was checked.
    static func milliseconds(_ duration: Duration) -> Int32 { Int32(clamping: duration.inMicroseconds / 1000) }

    /// Whole seconds of durations that were checked.
    static func seconds(_ durations: [Duration]) -> [Int32] {
        durations.map { Int32(clamping: $0.components.seconds) }
    }

    /// Durations as the audit log has them: `60 300 900`.
    static func text(_ durations: [Duration]) -> String {
        durations.map { String($0.components.seconds) }.joined(separator: " ")
    }
}
