import PosternCrypto
import PosternModel
import PosternOperations
import PosternPostgres
import PosternStore
import Testing

/// A definition whose words are the lines of the body: `key=type`.
private struct LineRenormalizer: Renormalizer {
    func renormalize(_ content: DeliveryContent, parameters: [String: String]) -> RenormalizedDelivery {
        let text = String(decoding: content.body, as: UTF8.self)
        if text == "unreadable" { return .failed(reason: "no lines") }
        let events = text.split(separator: "\n").map { line in
            let parts = line.split(separator: "=")
            return RenormalizedDelivery.Event(
                type: String(parts[1]),
                subject: nil,
                account: nil,
                time: nil,
                key: String(parts[0]),
                data: Array("{}".utf8)
            )
        }
        return .events(events, definitionVersion: 4)
    }
}

@Suite(.timeLimit(.minutes(5))) struct RenormalizationTests {
    private static let within = OperationsDatabase.deadline
    private static let organization = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0001))
    private static let endpoint = EndpointID(UniqueID(high: 0xBBBB_0000_0000_7000, low: 0x8000_0000_0000_0001))

    private static func event(_ key: String, _ type: String, id: UInt64 = 1, data: String = "{}") -> EventRecord {
        EventRecord(
            id: EventID(UniqueID(high: 1, low: id)),
            lane: Lane(1),
            number: Int64(id),
            storedAt: Timestamp(seconds: 1),
            organization: Self.organization,
            endpoint: Self.endpoint,
            delivery: DeliveryID(UniqueID(high: 1, low: 1)),
            platform: "github",
            definitionVersion: 3,
            type: type,
            source: "/s",
            subject: nil,
            account: nil,
            time: nil,
            key: key,
            data: Array(data.utf8)
        )
    }

    private static func after(_ key: String, _ type: String) -> RenormalizedDelivery.Event {
        RenormalizedDelivery.Event(
            type: type,
            subject: nil,
            account: nil,
            time: nil,
            key: key,
            data: Array("{}".utf8)
        )
    }

    @Test func `tells what is unchanged, changed, new and gone by account and key`() {
        let before = [
            Self.event("a", "t", id: 1), Self.event("b", "t", id: 2), Self.event("c", "t", id: 3),
            Self.event("d", "t", id: 4, data: "[]"),
        ]
        let diff = RenormalizationDiff(
            before,
            [
                Self.after("a", "t"), Self.after("b", "u"), Self.after("d", "t"), Self.after("e", "t"),
                Self.after("a", "x"),
            ]
        )
        #expect(diff.unchanged.map(\.key) == ["a"])
        #expect(
            diff.changed.map(\.after.key) == ["b", "d"]
                && diff.changed.map(\.before.id) == [before[1].id, before[3].id]
        )
        #expect(diff.new.map(\.key) == ["e"])
        #expect(diff.gone.map(\.key) == ["c"])
        let none = RenormalizationDiff([], [])
        #expect(none.unchanged.isEmpty && none.changed.isEmpty && none.new.isEmpty && none.gone.isEmpty)
    }

    /// Three deliveries: one read alike now, one otherwise, one not at all; and their events of version 3.
    private static func store(_ superuser: inout Connection) throws {
        try superuser.script(
            """
            INSERT INTO postern.organizations (id, name) VALUES ('\(Self.organization)', 'acme');
            INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane)
            VALUES ('\(Self.endpoint)', '\(Self.organization)', 'github', 'abcdefghijklmnop', 'n', 1);
            INSERT INTO postern.deliveries (lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body)
            SELECT 1, 1, n, now(),
                (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '70008' || lpad(n::text, 15, '0'))::uuid,
                '\(Self.organization)', '\(Self.endpoint)', 'github', '', convert_to(body, 'UTF8')
            FROM (VALUES (1, E'a=t\\nb=t'), (2, E'c=t\\nd=better\\ne=t'), (3, 'unreadable')) AS v(n, body);
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            SELECT 1, v.number, now(), gen_random_uuid(), '\(Self.organization)', '\(Self.endpoint)', d.id, 'github', 3, 't',
                '/s', v.key, '{}'
            FROM (VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c'), (4, 2, 'd'), (5, 2, 'z'), (6, 3, 'x'))
                AS v(number, delivery, key) JOIN postern.deliveries d ON d.seq = v.delivery;
            """,
            within: Self.within
        )
        // The ledger has forgotten c, as it does after its window.
        for key in ["a", "b", "d", "x"] {
            let id = try LedgerKey(endpoint: Self.endpoint, account: nil, key: key).id
            try superuser.script(
                """
                INSERT INTO postern.event_keys VALUES (1, '\(Self.organization)', '\(id)', gen_random_uuid(), now())
                """,
                within: Self.within
            )
        }
    }

    private static var scope: RenormalizationScope {
        RenormalizationScope(
            platform: "github",
            definitionVersion: 3,
            since: Timestamp.now().advanced(by: .seconds(-3600)),
            until: Timestamp.now().advanced(by: .seconds(60))
        )
    }

    private static func known(_ key: String, _ superuser: inout Connection) throws -> Bool {
        let id = try LedgerKey(endpoint: Self.endpoint, account: nil, key: key).id
        return try superuser.ask("SELECT count(*) FROM postern.event_keys WHERE key = '\(id)'").int64(0, 0) == 1
    }

    @Test func `examines without changing anything`() async throws {
        try await OperationsDatabase.with { database in
            var superuser = try database.connect(nil)
            try Self.store(&superuser)
            var session = try database.connect("operator")
            let renormalization = Renormalization(Self.scope, with: LineRenormalizer())
            let report = try renormalization.examine(&session, within: Self.within)
            #expect(report.deliveries == 3)
            #expect(
                report.counts
                    == ["unchanged": 3, "changed": 1, "new": 1, "gone": 1, "failed": 1, "missing": 0]
            )
            #expect(
                report.examples.map(\.what) == [
                    "changed: type t -> better", "new: t", "gone: t", "cannot be read: no lines",
                ]
            )
            let rows = try superuser.ask("SELECT count(*) FROM postern.webhook_retry_queue").int64(0, 0)
            #expect(rows == 0)
        }
    }

    /// Runs the job of ``scope`` to its end.
    private static func run(_ database: OperationsDatabase) throws -> JobRecord {
        var session = try database.connect("operator")
        var consumer = try database.connect("consumer")
        let scope = Self.scope
        let plan = try JobPlan.make(.renormalize(scope), &session, within: Self.within)
        #expect(plan.total == 3)
        let started = try plan.start(
            perSecond: nil,
            acting: OperationsDatabase.administration(),
            &session,
            within: Self.within
        )
        let id = try #require(started)
        let claimed = try JobQueue.claim(
            for: "test",
            [.renormalize],
            lease: .seconds(30),
            &consumer,
            within: Self.within
        )
        let job = try #require(claimed)
        var outcome = JobStepOutcome.advanced(done: 0)
        while case .advanced = outcome {
            outcome = try JobQueue.step(job, lease: .seconds(30), &consumer, within: Self.within) {
                current,
                connection throws(PostgresError) in
                try Renormalization(scope, with: LineRenormalizer()).step(
                    current,
                    limit: 1,
                    &connection,
                    within: Self.within
                )
            }
        }
        let record = try #require(try JobReader.find(id, &session, within: Self.within))
        #expect(record.status == .succeeded && record.done == 3)
        return record
    }

    /// What the lane's owner does with the queued delivery: its events that the ledger does not know are stored.
    private static func store(_ key: String, number: Int, _ superuser: inout Connection) throws {
        let id = try LedgerKey(endpoint: Self.endpoint, account: nil, key: key).id
        try superuser.script(
            """
            INSERT INTO postern.event_keys VALUES (1, '\(Self.organization)', '\(id)', gen_random_uuid(), now());
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            SELECT 1, \(number), now(), gen_random_uuid(), '\(Self.organization)', '\(Self.endpoint)', id, 'github', 4, 't',
                '/s', '\(key)', '{}' FROM postern.deliveries WHERE seq = 2
            """,
            within: Self.within
        )
    }

    @Test func `sends what changes through normalization once, with the ledger prepared for it`() async throws {
        try await OperationsDatabase.with { database in
            var superuser = try database.connect(nil)
            try Self.store(&superuser)
            let first = try Self.run(database)
            #expect(first.counts["changed"] == 1 && first.counts["queued"] == 1)
            #expect(try Self.known("c", &superuser), "unchanged: it must be known again")
            #expect(try !Self.known("d", &superuser), "changed: it must be forgotten, once")
            #expect(try !Self.known("e", &superuser) && Self.known("a", &superuser))
            try Self.store("d", number: 7, &superuser)
            try Self.store("e", number: 8, &superuser)
            // It finds the same difference, and that its change was made.
            let second = try Self.run(database)
            #expect(second.counts["changed"] == 1 && second.counts["queued"] == 0)
            #expect(try Self.known("d", &superuser))
            let rows = try superuser.ask(
                """
                SELECT count(*), count(DISTINCT q.webhook_id) FROM postern.webhook_retry_queue q
                JOIN postern.deliveries d ON d.id = q.webhook_id AND d.body = q.payload AND d.seq = 2
                WHERE q.destination_id IS NULL AND q.job_id IS NOT NULL AND q.dead_letter_id IS NULL AND q.lane = 1
                """
            )
            #expect(try rows.int64(0, 0) == 1 && rows.int64(0, 1) == 1)
        }
    }

    /// The log is kept longer than the ledger: without learning from it, the second job would store both once more.
    @Test func `does nothing twice after the ledger has forgotten`() async throws {
        try await OperationsDatabase.with { database in
            var superuser = try database.connect(nil)
            try Self.store(&superuser)
            #expect(try Self.run(database).counts["queued"] == 1)
            try Self.store("d", number: 7, &superuser)
            try Self.store("e", number: 8, &superuser)
            try superuser.script("TRUNCATE postern.event_keys", within: Self.within)
            let again = try Self.run(database)
            #expect(again.counts["learned"] == 8)
            #expect(again.counts["changed"] == 1 && again.counts["new"] == 1 && again.counts["queued"] == 0)
            for key in ["a", "b", "c", "d", "e"] { #expect(try Self.known(key, &superuser), "\(key)") }
        }
    }

    /// What is beyond a page's end would be taken for new.
    @Test func `reads all events of a delivery that has more than a page holds`() async throws {
        try await OperationsDatabase.with { database in
            var superuser = try database.connect(nil)
            try Self.store(&superuser)
            try superuser.script(
                """
                UPDATE postern.deliveries SET body = convert_to(
                    (SELECT string_agg('n' || n || '=t', E'\\n' ORDER BY n) FROM generate_series(1, 1200) AS n), 'UTF8')
                WHERE seq = 3;
                DELETE FROM postern.events WHERE number = 6;
                INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key, data)
                SELECT 1, 5 + n, now(), gen_random_uuid(), '\(Self.organization)', '\(Self.endpoint)', d.id, 'github', 3,
                    't', '/s', 'n' || n, '{}' FROM generate_series(1, 1200) AS n, postern.deliveries d WHERE d.seq = 3;
                """,
                within: Self.within
            )
            var session = try database.connect("operator")
            let report = try Renormalization(Self.scope, with: LineRenormalizer())
                .examine(&session, within: Self.within)
            #expect(report.deliveries == 3)
            #expect(
                report.counts
                    == ["unchanged": 1203, "changed": 1, "new": 1, "gone": 1, "failed": 0, "missing": 0]
            )
        }
    }
}
