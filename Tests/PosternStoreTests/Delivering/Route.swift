import PosternModel
import PosternPostgres
import PosternStore

/// A destination with a cursor in every lane and events on their way to it, by plain SQL, as superuser.
struct Route: ~Copyable {
    /// Whose events they are, and the connections.
    var log: Log
    let destination = DestinationID.fresh(at: .now())

    init(_ database: StoreDatabase) throws {
        var log = try Log(database)
        try log.root.run(
            "INSERT INTO postern.organizations (id, name) VALUES ('\(log.organization)', '\(log.organization)')"
        )
        try Self.add(self.destination, &log)
        self.log = log
    }

    mutating func run(_ sql: String) throws { try self.log.root.run(sql) }

    mutating func texts(_ sql: String) throws -> [String] { try self.log.root.texts(sql) }

    /// Makes another destination of the organization, with a cursor at 0 in every lane.
    mutating func addDestination(_ destination: DestinationID) throws { try Self.add(destination, &self.log) }

    private static func add(_ destination: DestinationID, _ log: inout Log) throws {
        try log.root.run(
            """
            INSERT INTO postern.destinations (id, org_id, name, kind, url)
            VALUES ('\(destination)', '\(log.organization)', '\(destination)', 'http', 'http://x/');
            INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
            SELECT lane, '\(destination)', '\(log.organization)', 0, 0, now() FROM postern.lanes
            """
        )
    }

    /// Stores events and moves the lane's head behind them.
    mutating func store(
        _ numbers: ClosedRange<Int64>,
        lane: Int32 = 1,
        organization: OrganizationID? = nil,
        at time: String = "now()",
        data: String = "{}"
    ) throws {
        try self.run(
            """
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            SELECT \(lane), n, \(time), gen_random_uuid(), '\(organization ?? self.log.organization)',
                '\(self.log.endpoint)', gen_random_uuid(), 'github', 1, 't', '/s', 'k', '\(data)'
            FROM generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
            UPDATE postern.lanes SET event_number = \(numbers.upperBound) WHERE lane = \(lane)
            """
        )
    }

    /// An event with a number, meant for the destination.
    func content(_ number: Int64, lane: Int32 = 1, destination: DestinationID? = nil) -> OutgoingEvent {
        OutgoingEvent(
            lane: Lane(lane),
            destination: destination ?? self.destination,
            organization: self.log.organization,
            endpoint: self.log.endpoint,
            delivery: .fresh(at: .now()),
            platform: "github",
            event: .fresh(at: .now()),
            number: number,
            attributes: Array(#"{"id":"\#(number)"}"#.utf8),
            headers: Array("a: b".utf8),
            payload: Array(#"{"n": 1.0}"#.utf8)
        )
    }

    /// A settlement at this moment by ``Log/me``.
    func settlement(_ leases: [LeasedLane]) -> DeliverySettlement {
        DeliverySettlement(consumer: self.log.me, time: .now(), leases: leases)
    }

    /// A step of the cursor in lane 1.
    func move(_ from: Int64, _ to: Int64, delivered: Int64 = 0, handed: Int64 = 0, buried: Int64 = 0) -> DestinationMove
    {
        DestinationMove(
            lane: Lane(1),
            destination: self.destination,
            from: from,
            to: to,
            storedAt: .now(),
            delivered: delivered,
            handed: handed,
            buried: buried,
            unsubscribed: to - from - delivered - handed - buried
        )
    }

    mutating func write(_ settlement: DeliverySettlement) throws -> SettlementOutcome {
        try SettlementWriter.write(settlement, &self.log.consumer, within: StoreDatabase.deadline)
    }

    /// What is due within the hour, of lane 1.
    mutating func due(_ limit: Int = 100, later: Duration = .seconds(3600)) throws -> [DueDelivery] {
        try DeliveryRetries.due(
            [DueRequest(lane: Lane(1), destination: self.destination, limit: limit)],
            owner: self.log.me,
            at: Timestamp.now().advanced(by: later),
            bytesInAll: 1 << 20,
            &self.log.consumer,
            within: StoreDatabase.deadline
        )
    }

    /// Hands events to the retry queue as first attempts that failed, due now; those of an account after its first wait.
    mutating func hand(_ numbers: ClosedRange<Int64>, account: String? = nil, _ leases: [LeasedLane]) throws {
        var settlement = self.settlement(leases)
        for number in numbers {
            settlement.retries.append(
                NewDeliveryRetry(
                    content: self.content(number),
                    attempt: 1,
                    scheduledAt: account != nil && number > numbers.lowerBound ? nil : .now(),
                    account: account,
                    failure: DeliveryFailure(reason: "timeout", detail: "d")
                )
            )
        }
        guard case .stored = try self.write(settlement) else { throw Unexpected() }
    }

    /// `number/attempt:time` of the rows in the queue, in the order of the numbers; the time is `due`, `later` or
    /// `waits`.
    mutating func queue() throws -> [String] {
        try self.texts(
            """
            SELECT event_number || '/' || attempt_number || ':' || CASE WHEN scheduled_at = 'infinity' THEN 'waits'
                WHEN scheduled_at > now() THEN 'later' ELSE 'due' END
            FROM postern.webhook_retry_queue ORDER BY event_number
            """
        )
    }

    /// All that a settlement may change, in one line.
    mutating func state() throws -> String {
        try self.texts(
            """
            SELECT concat_ws(' ',
                (SELECT concat_ws('/', number, delivered, handed, buried, unsubscribed, recovered, exhausted)
                    FROM postern.destination_cursors WHERE lane = 1 AND destination_id = '\(self.destination)'),
                'queue', (SELECT string_agg(event_number || '.' || attempt_number || '.' || failure_reason, ','
                    ORDER BY event_number) FROM postern.webhook_retry_queue),
                'letters', (SELECT string_agg(event_number || '.' || attempts_made || '.' || failure_reason || '.'
                    || review_state, ',' ORDER BY event_number) FROM postern.webhook_dead_letter_queue),
                'attempts', (SELECT count(*) FROM postern.attempts),
                'minutes', (SELECT sum(count) FROM postern.destination_minutes))
            """
        )[0]
    }
}
