import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct WriterRetirementTests {
    private static let within = StoreDatabase.deadline

    private static func lock(_ writer: Int64, _ connection: inout Connection) throws {
        try connection.run("SELECT pg_advisory_lock(\(WriterSession.lockClass), \(writer))")
    }

    @Test func `closes the old whose lock is free and nobody else`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let (dead, living, young, closed) = (
                try log.writer(), try log.writer(), try log.writer(), try log.writer()
            )
            var session = try database.connect()
            try Self.lock(living, &session)
            try log.root.run(
                """
                UPDATE postern.writers SET opened_at = now() - interval '61 s' WHERE id <> \(young);
                UPDATE postern.writers SET closed_at = now() WHERE id = \(closed);
                """
            )
            func close(_ log: inout Log) throws -> [Int64] {
                try WriterRetirement.closeDead(olderThan: .seconds(60), &log.consumer, within: Self.within)
            }
            #expect(try close(&log) == [dead])
            #expect(try close(&log) == [])
            try session.run("SELECT pg_advisory_unlock_all()")
            #expect(try close(&log) == [living])
        }
    }

    @Test func `deletes the cursors of closed writers that have nothing beyond`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let (open, closed) = (try log.writer(), try log.writer())
            try log.store(1...1, lane: 1, writer: closed)
            try log.store(2...2, lane: 2, writer: closed)
            try log.root.run(
                """
                UPDATE postern.writers SET closed_at = now() WHERE id = \(closed);
                UPDATE postern.cursors SET seq = 2, consumed = 1 WHERE lane = 2 AND writer = \(closed);
                """
            )
            let gone = try WriterRetirement.deleteDrainedCursors(
                of: [1, 2, 3].map { Lane($0) },
                &log.consumer,
                within: Self.within
            )
            #expect(gone == 2)
            let left = "SELECT lane FROM postern.cursors WHERE writer = \(closed) AND lane IN (1, 2, 3) ORDER BY lane"
            #expect(try log.root.texts(left) == ["1"])
            #expect(try log.number("SELECT count(*) FROM postern.cursors WHERE writer = \(open)") == 8)
            #expect(try log.number("SELECT last_seq * 10 + consumed FROM postern.writers WHERE id = \(closed)") == 21)
        }
    }

    @Test func `marks a closed writer drained when its last cursor is gone`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let (open, closed) = (try log.writer(), try log.writer())
            try log.root.run("UPDATE postern.writers SET closed_at = now() WHERE id = \(closed)")
            func mark(_ log: inout Log) throws -> Int {
                try WriterRetirement.markDrained(closedFor: .zero, &log.consumer, within: Self.within)
            }
            #expect(try mark(&log) == 0)
            for lanes in [Array(0..<7), [7]] as [[Int32]] {
                #expect(try mark(&log) == 0)
                _ = try WriterRetirement.deleteDrainedCursors(
                    of: lanes.map { Lane($0) },
                    &log.consumer,
                    within: Self.within
                )
            }
            #expect(try mark(&log) == 1)
            #expect(try mark(&log) == 0)
            #expect(try log.number("SELECT id FROM postern.writers WHERE drained_at IS NULL") == open)
        }
    }
}
