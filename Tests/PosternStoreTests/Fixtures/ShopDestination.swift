import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// An organization with a destination to administer.
struct ShopDestination {
    static let within = StoreDatabase.deadline
    static let signing = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    let database: StoreDatabase
    let administration: Administration
    let organization: OrganizationID
    let destination: DestinationRecord

    var id: DestinationID { self.destination.id }

    /// Runs a test with an organization "acme" and its destination "shop", as the operator.
    static func with(
        _ body: @escaping @Sendable (ShopDestination, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.operator)
            let administration = try SealingKeys.administration()
            let organization = try administration.createOrganization(name: "acme", &connection, within: Self.within)
            let listing = try administration.createDestination(
                Self.new(of: organization),
                &connection,
                within: Self.within
            )
            let shop = ShopDestination(
                database: database,
                administration: administration,
                organization: organization,
                destination: listing.destination
            )
            try body(shop, &connection)
        }
    }

    /// A destination that can be made.
    static func new(of organization: OrganizationID, name: String = "shop") -> NewDestination {
        NewDestination(
            organization: organization,
            name: name,
            url: "https://shop.example/events",
            signing: Self.signing
        )
    }

    /// The destination as it is now.
    func now(_ connection: inout Connection) throws -> DestinationListing {
        try self.administration.destination("\(self.id)", &connection, within: Self.within)
    }

    /// Stores an event of the organization, as superuser, and moves the end of the lane to it.
    func storeEvent(
        _ number: Int64,
        lane: Int32,
        organization: OrganizationID? = nil,
        at time: String = "now()",
        _ root: inout Connection
    ) throws {
        try root.run(
            """
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            VALUES (\(lane), \(number), \(time), gen_random_uuid(), '\(organization ?? self.organization)',
                gen_random_uuid(), gen_random_uuid(), 'github', 1, 't', 's', 'k', '{}');
            UPDATE postern.lanes SET event_number = greatest(event_number, \(number)) WHERE lane = \(lane)
            """
        )
    }

    /// Stores an event on its way to the destination, as superuser, and gives its row's identifier.
    func storeRetry(
        _ number: Int64,
        lane: Int32,
        letter: DeadLetterID? = nil,
        job: JobID? = nil,
        at time: String = "now()",
        _ root: inout Connection
    ) throws -> RetryID {
        let id = RetryID.fresh(at: .now())
        let event = #"{"specversion": "1.0", "type": "com.github.push", "posterndefinition": 3}"#
        try root.run(
            """
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
                attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id,
                event_number, event, dead_letter_id, job_id)
            VALUES (\(lane), '\(id)', gen_random_uuid(), '\(self.organization)', gen_random_uuid(), 'github', '',
                '{"a": 1}', 2, \(time), 'http_5xx', 'HTTP 503', now(), '\(self.id)', gen_random_uuid(), \(number),
                '\(event)', \(letter.map { "'\($0)'" } ?? "NULL"), \(job.map { "'\($0)'" } ?? "NULL"))
            """
        )
        return id
    }
}
