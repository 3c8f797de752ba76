import PosternModel
import PosternOperations
import PosternPostgres
import PosternStore

/// A database with one of everything the accounting looks at, all of it in order; tests break it.
///
/// Lane 1 holds eight deliveries of one writer: 1 and 2 brought the events `k1` and `k2`, 3 repeats `k1`, 4 holds nothing
/// to store, 5 waits to be normalized again, 6 is a dead letter, 7 a discarded one, 8 was not read yet. One destination
/// has passed both events: the first was delivered, the second waits.
struct Books: ~Copyable {
    var root: Connection
    private var reader: Connection
    let organization = OrganizationID.fresh(at: .now())
    let endpoint = EndpointID.fresh(at: .now())
    let destination = DestinationID.fresh(at: .now())
    let deliveries = (1...8).map { _ in DeliveryID.fresh(at: .now()) }
    let events = (1...2).map { _ in EventID.fresh(at: .now()) }
    let retry = RetryID.fresh(at: .now())
    let letter = DeadLetterID.fresh(at: .now())

    private init(_ database: OperationsDatabase) throws {
        let root = try database.connect(nil)
        let reader = try database.connect("operator")
        self.root = root
        self.reader = reader
    }

    /// Opens the books, in order.
    static func open(_ database: OperationsDatabase) throws -> Books {
        var books = try Books(database)
        try books.fill()
        return books
    }

    private mutating func fill() throws {
        try self.run(
            """
            INSERT INTO postern.organizations (id, name) VALUES ('\(self.organization)', 'acme');
            INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane)
            VALUES ('\(self.endpoint)', '\(self.organization)', 'meta', 'abcdefgh', 'orders', 1);
            INSERT INTO postern.writers (gateway) VALUES ('g');
            INSERT INTO postern.cursors (lane, writer, stored_at) SELECT lane, 1, now() FROM postern.lanes;
            UPDATE postern.cursors SET seq = 7, consumed = 7 WHERE lane = 1;
            """
        )
        for (index, body) in ["k1", "k2", "k1", "", "later", "broken", "broken", "k8"].enumerated() {
            try self.store(index + 1, body: body)
        }
        try self.admit("k1", by: 1)
        try self.admit("k2", by: 2)
        for number in [1, 2] { try self.event(number) }
        try self.run(
            """
            UPDATE postern.lanes SET event_number = 2 WHERE lane = 1;
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
                attempt_number, scheduled_at, failure_reason, failure_detail, created_at)
            VALUES (1, gen_random_uuid(), '\(self.deliveries[4])', '\(self.organization)', '\(self.endpoint)', 'meta', '', '',
                1, now(), 'unknown_platform', '', now());
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, failure_reason, failure_detail, attempts_made, review_state, created_at)
            VALUES (1, '\(self.letter)', '\(self.deliveries[5])', '\(self.organization)', '\(self.endpoint)', 'meta', '', '',
                    'malformed_json', '', 1, 'open', now()),
                (1, gen_random_uuid(), '\(self.deliveries[6])', '\(self.organization)', '\(self.endpoint)', 'meta', '', '',
                    'malformed_json', '', 1, 'discarded', now());
            INSERT INTO postern.destinations (id, org_id, name, kind, url)
            VALUES ('\(self.destination)', '\(self.organization)', 'crm', 'http', 'https://crm.example/');
            INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
            SELECT lane, '\(self.destination)', '\(self.organization)', 0, 0, now() FROM postern.lanes;
            UPDATE postern.destination_cursors SET number = 2, delivered = 1, handed = 1 WHERE lane = 1;
            """
        )
        try self.queue(event: 2, account: nil)
    }

    /// Stores the delivery with this number, in lane 1.
    mutating func store(_ number: Int, body: String, at time: String = "now()", writer: Int = 1) throws {
        try self.run(
            """
            INSERT INTO postern.deliveries (lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body)
            VALUES (1, \(writer), \(number), \(time), '\(self.deliveries[number - 1])', '\(self.organization)',
                '\(self.endpoint)', 'meta', ':target: /x', '\(body)')
            """
        )
    }

    /// Writes a key to the ledger, as brought by the delivery with this number.
    mutating func admit(_ key: String, by number: Int) throws {
        let ledger = try LedgerKey(endpoint: self.endpoint, account: nil, key: key)
        try self.run(
            """
            INSERT INTO postern.event_keys (lane, org_id, key, delivery_id, seen_at)
            VALUES (1, '\(self.organization)', '\(ledger.id)', '\(self.deliveries[number - 1])', now())
            """
        )
    }

    /// Stores the event `k<number>` of the delivery with the same number.
    mutating func event(_ number: Int, at time: String = "now()", version: Int32 = 1) throws {
        try self.run(
            """
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            VALUES (1, \(number), \(time), '\(self.events[number - 1])', '\(self.organization)', '\(self.endpoint)',
                '\(self.deliveries[number - 1])', 'meta', \(version), 't', 's', 'k\(number)', '{}')
            """
        )
    }

    /// Puts an event on its way to the destination into the retry queue.
    mutating func queue(event number: Int, account: String?, at time: String = "now()") throws {
        try self.run(
            """
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
                attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id,
                event_number, event, account)
            VALUES (1, '\(number == 2 ? self.retry : RetryID.fresh(at: .now()))', '\(self.deliveries[number - 1])',
                '\(self.organization)', '\(self.endpoint)', 'meta', '', '', 1, \(time), 'timeout', '', now(),
                '\(self.destination)', '\(self.events[number - 1])', \(number), '{}',
                \(account.map { "'\($0)'" } ?? "NULL"))
            """
        )
    }

    /// Runs a script as superuser.
    mutating func run(_ sql: String) throws { try self.root.script(sql, within: OperationsDatabase.deadline) }

    /// Does the accounting.
    mutating func account(
        _ derivation: TextKeys = TextKeys(),
        _ change: (inout AccountingScope) -> Void = { _ in }
    ) throws -> AccountingBook {
        var scope = AccountingScope()
        scope.statementLimit = OperationsDatabase.deadline
        scope.wholeLimit = OperationsDatabase.deadline
        change(&scope)
        return try Accounting(scope, derivation: derivation).run(&self.reader)
    }
}

extension AccountingBook {
    /// `rule subject` of each row that breaks a rule.
    var broken: [String] { self.faults.map { fault in "\(fault.rule.rawValue) \(fault.subject)" } }
}
