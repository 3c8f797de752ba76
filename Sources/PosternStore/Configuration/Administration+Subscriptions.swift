package import PosternModel
package import PosternPostgres

extension Administration {
    private static let insert = Statement(
        "subscription_add",
        """
        INSERT INTO postern.subscriptions (id, org_id, destination_id, type_glob, filters)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [.uuid, .uuid, .uuid, .text, .jsonb]
    )

    /// Stores a subscription within an act; it was checked.
    static func insertSubscription(
        _ new: NewSubscription,
        of owner: DestinationOwner,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SubscriptionID {
        let id = SubscriptionID.fresh(at: .now())
        _ = try Self.run(Self.insert, &connection, within: within) { parameters in
            parameters.append(id)
            parameters.append(owner.organization)
            parameters.append(owner.destination)
            parameters.append(new.typeGlob)
            parameters.append(jsonb: SubscriptionFilter.json(new.filters))
        }
        return id
    }

    private static let count = Statement(
        "subscription_count",
        "SELECT count(*) FROM postern.subscriptions WHERE destination_id = $1",
        [.uuid]
    )

    /// Gives a destination the events another rule asks for, besides those it gets already.
    ///
    /// The first subscription narrows: before it, the destination gets everything. Events that it has passed over stay
    /// passed over.
    ///
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `invalid` or `database`.
    package func addSubscription(
        _ new: NewSubscription,
        to destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> SubscriptionID {
        try DestinationRules.require(new)
        return try self.act(&connection, subject: "\(destination)", within: within) {
            connection throws(ConfigurationError) in
            let (owner, kind) = try Self.owner(of: destination, &connection, within: within)
            if kind == .alert { throw DestinationRules.alertsTakeNoEvents }
            let counted = try Self.run(Self.count, &connection, within: within) { $0.append(destination) }
            let count = try Self.read { () throws(PostgresError) in try counted.int64(0, 0) }
            if count >= DestinationRules.subscriptionLimit {
                throw .invalid(field: "subscriptions", reason: "at most \(DestinationRules.subscriptionLimit)")
            }
            let id = try Self.insertSubscription(new, of: owner, &connection, within: within)
            try self.audit(
                .addSubscription,
                of: "\(destination)",
                organization: owner.organization,
                after: [
                    "subscription": "\(id)", "type": new.typeGlob,
                    "filters": String(decoding: SubscriptionFilter.json(new.filters), as: UTF8.self),
                ],
                &connection,
                within: within
            )
            return id
        }
    }

    private static let remove = Statement(
        "subscription_remove",
        """
        DELETE FROM postern.subscriptions WHERE id = $1 AND destination_id = $2 RETURNING type_glob, filters::text
        """,
        [.uuid, .uuid]
    )

    /// Takes a subscription away; without the last one a destination gets everything.
    ///
    /// - Returns: how many are left.
    /// - Throws: ``ConfigurationError``: `destinationNotFound`, `subscriptionNotFound` or `database`.
    package func removeSubscription(
        _ subscription: SubscriptionID,
        from destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Int64 {
        try self.act(&connection, subject: "\(destination)", within: within) { connection throws(ConfigurationError) in
            let (owner, _) = try Self.owner(of: destination, &connection, within: within)
            let rows = try Self.run(Self.remove, &connection, within: within) { parameters in
                parameters.append(subscription)
                parameters.append(destination)
            }
            guard rows.count > 0 else { throw .subscriptionNotFound("\(subscription)") }
            let before: [String: String] = try Self.read { () throws(PostgresError) in
                [
                    "subscription": "\(subscription)", "type": try rows.text(0, 0), "filters": try rows.text(0, 1),
                ]
            }
            try self.audit(
                .removeSubscription,
                of: "\(destination)",
                organization: owner.organization,
                before: before,
                &connection,
                within: within
            )
            let counted = try Self.run(Self.count, &connection, within: within) { $0.append(destination) }
            return try Self.read { () throws(PostgresError) in try counted.int64(0, 0) }
        }
    }
}
