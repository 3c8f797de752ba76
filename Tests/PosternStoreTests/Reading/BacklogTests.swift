import PosternModel
import PosternPostgres
import PosternStore
import Synchronization
import Testing

/// The number of pending deliveries and the age of the backlog, against a count of the rows.
@Suite struct BacklogTests {
    private static let within = StoreDatabase.deadline

    /// A generator whose numbers are the same in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return self.state ^ (self.state >> 33)
        }
    }

    /// What the gateways and consumers of a model do to the tables.
    private struct Model: ~Copyable {
        var connection: Connection
        var sequences: [Int64: Int64] = [:]
        var closed: Set<Int64> = []

        /// A gateway's new session: a writer, and a cursor for each lane.
        mutating func open() throws {
            let id = try self.connection.number(
                "INSERT INTO postern.writers (gateway) VALUES ('g') RETURNING id",
                inserting: true
            )
            try self.connection.run(
                """
                INSERT INTO postern.cursors (lane, writer, stored_at)
                SELECT lane, \(id), clock_timestamp() FROM postern.lanes
                """
            )
            self.sequences[id] = 0
        }

        /// One batch of a writer, over random lanes.
        mutating func write(_ writer: Int64, _ count: Int64, using numbers: inout Numbers) throws {
            let first = self.sequences[writer, default: 0] + 1
            let lanes = (0..<count).map { _ in Int64.random(in: 0..<Int64(StoreDatabase.lanes), using: &numbers) }
            let values = lanes.enumerated().map {
                """
                (\($0.element), \(writer), \(first + Int64($0.offset)), clock_timestamp(), gen_random_uuid(),
                    gen_random_uuid(), gen_random_uuid(), NULL, 'x', '', '')
                """
            }
            try self.connection.run("INSERT INTO postern.deliveries VALUES \(values.joined(separator: ", "))")
            self.sequences[writer] = first + count - 1
        }

        /// A consumer's batch: reads up to `limit` rows of one lane and writer, and moves the cursor.
        mutating func read(_ lane: Int32, _ writer: Int64, limit: Int) throws {
            try self.connection.run(
                """
                WITH batch AS (
                    SELECT d.seq, d.stored_at FROM postern.deliveries d JOIN postern.cursors c USING (lane, writer)
                    WHERE d.lane = \(lane) AND d.writer = \(writer) AND d.seq > c.seq ORDER BY d.seq LIMIT \(limit))
                UPDATE postern.cursors c SET seq = b.seq, stored_at = b.stored_at, consumed = c.consumed + b.count
                FROM (SELECT max(seq) AS seq, max(stored_at) AS stored_at, count(*) AS count FROM batch) b
                WHERE c.lane = \(lane) AND c.writer = \(writer) AND b.count > 0
                """
            )
        }

        mutating func close(_ writer: Int64) throws {
            try self.connection.run("UPDATE postern.writers SET closed_at = now() WHERE id = \(writer)")
            self.closed.insert(writer)
        }

        /// The lane's owner gives up cursors of closed writers that have nothing beyond.
        mutating func drain(_ lane: Int32) throws {
            try self.connection.run(
                """
                DELETE FROM postern.cursors c USING postern.writers w
                WHERE c.lane = \(lane) AND w.id = c.writer AND w.closed_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM postern.deliveries d WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq);
                UPDATE postern.writers w SET drained_at = now()
                WHERE closed_at IS NOT NULL AND drained_at IS NULL AND NOT EXISTS (
                    SELECT FROM postern.cursors c WHERE c.writer = w.id)
                """
            )
        }

        /// Rows beyond their cursor, counted; and the oldest of each lane.
        mutating func truth() throws -> (pending: Int64, oldest: [Lane: Timestamp]) {
            let rows = try self.connection.ask(
                """
                SELECT d.lane, count(*), min(d.stored_at) FROM postern.deliveries d
                JOIN postern.cursors c USING (lane, writer) WHERE d.seq > c.seq GROUP BY d.lane
                """
            )
            var pending: Int64 = 0
            var oldest: [Lane: Timestamp] = [:]
            for row in 0..<rows.count {
                pending += try rows.int64(row, 1)
                oldest[Lane(try rows.int32(row, 0))] = try rows.timestamp(row, 2)
            }
            return (pending, oldest)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `is exact at every step of writers that come and go and lanes that drain`(seed: UInt64) async throws {
        try await StoreDatabase.with { database in
            var numbers = Numbers(state: seed)
            var model = Model(connection: try database.connect())
            var consumer = try database.connect(.consumer)
            var drainedOnce = 0
            for step in 0..<250 {
                let writers = model.sequences.keys.filter { !model.closed.contains($0) }.sorted()
                switch Int.random(in: 0..<100, using: &numbers) {
                case 0..<8: try model.open()
                case 8..<40:
                    if let writer = writers.randomElement(using: &numbers) {
                        try model.write(writer, Int64.random(in: 1...40, using: &numbers), using: &numbers)
                    }
                case 40..<80:
                    if let writer = model.sequences.keys.sorted().randomElement(using: &numbers) {
                        try model.read(
                            Int32.random(in: 0..<StoreDatabase.lanes, using: &numbers),
                            writer,
                            limit: Int.random(in: 1...30, using: &numbers)
                        )
                    }
                case 80..<85:
                    if let writer = writers.randomElement(using: &numbers) { try model.close(writer) }
                default: try model.drain(Int32.random(in: 0..<StoreDatabase.lanes, using: &numbers))
                }
                let (pending, oldest) = try model.truth()
                let status = try PipelineStatus.load(&consumer, within: Self.within)
                try #require(status.pendingDeliveries == pending, "step \(step)")
                try #require(status.oldestUnread == oldest, "step \(step)")
                drainedOnce += Int(
                    try model.connection.number(
                        "SELECT count(*) FROM postern.writers WHERE consumed > 0 AND drained_at IS NULL"
                    )
                )
            }
            // The hard case was met: a writer some of whose cursors are gone while others have work.
            #expect(drainedOnce > 0)
            // Everything read in the end, everything drained: stored equals read for every writer.
            for writer in model.sequences.keys.sorted() {
                if !model.closed.contains(writer) { try model.close(writer) }
                for lane in 0..<StoreDatabase.lanes { try model.read(lane, writer, limit: 10_000) }
            }
            for lane in 0..<StoreDatabase.lanes { try model.drain(lane) }
            #expect(try PipelineStatus.load(&consumer, within: Self.within).pendingDeliveries == 0)
            let writers = try model.connection.ask(
                "SELECT id, last_seq, consumed, drained_at IS NOT NULL FROM postern.writers ORDER BY id"
            )
            #expect(writers.count == model.sequences.count)
            for row in 0..<writers.count {
                let stored = model.sequences[try writers.int64(row, 0)]
                #expect(try writers.int64(row, 1) == stored)
                #expect(try writers.int64(row, 2) == stored)
                #expect(try writers.bool(row, 3))
            }
        }
    }

    @Test func `counts what deleted cursors had read when lanes drain at the same time`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.writers (gateway) SELECT 'g' FROM generate_series(1, 20);
                INSERT INTO postern.cursors SELECT lane, id, lane + 1, now(), 1 FROM postern.lanes, postern.writers
                """
            )
            let failures = Mutex<[String]>([])
            let threads = (0..<StoreDatabase.lanes).map { lane in
                ConnectionThread.start(name: "drain") {
                    do {
                        var connection = try database.connect(.consumer)
                        try connection.run("DELETE FROM postern.cursors WHERE lane = \(lane)")
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            let joined = Mutex(false)
            _ = Task {
                for thread in threads { await thread.join() }
                joined.withLock { $0 = true }
            }
            while !joined.withLock({ $0 }) { _ = try superuser.ask("SELECT pg_sleep(0.02)") }
            #expect(failures.withLock { $0 } == [])
            let sums = try superuser.texts("SELECT DISTINCT last_seq || ' ' || consumed FROM postern.writers")
            #expect(sums == ["\(StoreDatabase.lanes) \(StoreDatabase.lanes)"])
        }
    }

    @Test func `probes indexes and prunes days instead of counting`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Traffic.makeDays(3, &superuser)
            try Traffic.storeDeliveries(60_000, &superuser)
            try superuser.run(
                """
                INSERT INTO postern.writers (gateway) VALUES ('g');
                INSERT INTO postern.cursors SELECT lane, 1, 59000 - 59000 % 8 + lane,
                    (SELECT stored_at FROM postern.deliveries WHERE seq = 59000), 7375 FROM postern.lanes;
                ANALYZE postern.cursors; ANALYZE postern.writers
                """
            )
            var consumer = try database.connect(.consumer)
            let status = try PipelineStatus.load(&consumer, within: Self.within)
            #expect(status.oldestUnread.count == 8)
            let age = try #require(status.backlogAge)
            // One every 5.76 seconds, and the last one just before midnight.
            let since = status.database.now.microseconds(since: CivilDate(status.database.now).start)
            #expect(abs((age - .microseconds(since) - .seconds(5760)).components.seconds) < 60)
            #expect(status.pendingDeliveries == 60_000 - 8 * 7375)
            let rows = try consumer.ask("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE status_backlog")
            var lines: [String] = []
            for row in 0..<rows.count { lines.append(try rows.text(row, 0)) }
            let plan = lines.joined(separator: "\n")
            #expect(plan.contains(/Index (Only )?Scan using deliveries_\d{8}_pkey/))
            #expect(plan.contains(/Index (Only )?Scan Backward using deliveries_\d{8}_pkey/))
            // The cursors stand on yesterday: the days before are never opened.
            let day = CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 - 3).description.filter { $0 != "-" }
            let old = lines.filter { $0.contains("deliveries_\(day)") && $0.contains("Scan") }
            #expect(!old.isEmpty && old.allSatisfy { $0.contains("(never executed)") })
            #expect(
                !lines.contains {
                    $0.contains("Seq Scan on deliveries_") && !$0.contains("rows=0") && !$0.contains("never")
                }
            )
        }
    }
}

extension Connection {
    /// The number a writing statement returns.
    fileprivate mutating func number(_ sql: String, inserting: Bool) throws(PostgresError) -> Int64 {
        try self.ask(sql).int64(0, 0)
    }
}
