import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct OriginalRequestsTests {
    private static func store(_ id: DeliveryID, at time: String, sequence: Int, _ log: inout Log) throws {
        try log.root.run(
            """
            INSERT INTO postern.deliveries VALUES (1, 1, \(sequence), \(time), '\(id)', '\(log.organization)',
                '\(log.endpoint)', NULL, 'github', ':target: /\(sequence)', 'b\(sequence)')
            """
        )
    }

    @Test func `reads the requests that are there, headers and body`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let now = Timestamp.now()
            let ids = (0..<4).map { _ in DeliveryID.fresh(at: now) }
            for (sequence, id) in ids.prefix(3).enumerated() {
                try Self.store(id, at: "now()", sequence: sequence, &log)
            }
            let found = try OriginalRequests.read(
                [ids[2], ids[0], ids[3], ids[0]],
                &log.consumer,
                within: StoreDatabase.deadline
            )
            #expect(
                found == [
                    ids[0]: StoredRequest(headers: Array(":target: /0".utf8), body: Array("b0".utf8)),
                    ids[2]: StoredRequest(headers: Array(":target: /2".utf8), body: Array("b2".utf8)),
                ]
            )
            #expect(try OriginalRequests.read([], &log.consumer, within: StoreDatabase.deadline).isEmpty)
        }
    }

    @Test func `finds a request that was stored days after it came`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let id = DeliveryID.fresh(at: Timestamp.now().advanced(by: .seconds(-4 * 86_400)))
            try Self.store(id, at: "now()", sequence: 1, &log)
            #expect(try OriginalRequests.read([id], &log.consumer, within: StoreDatabase.deadline).count == 1)
        }
    }

    @Test func `looks at no other days than those around the arrival`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let id = DeliveryID.fresh(at: .now())
            try Self.store(id, at: "now()", sequence: 1, &log)
            _ = try OriginalRequests.read([id], &log.consumer, within: StoreDatabase.deadline)
            let plan = try log.consumer.plan(
                of: "delivery_original",
                ["'\(id)'", "now() - interval '1 day'", "now() + interval '1 day'"]
            )
            let days = plan.split(separator: "\n").filter {
                $0.contains("Scan on deliveries_") && !$0.contains("Bitmap Index")
            }
            // Yesterday, today and tomorrow.
            #expect(days.count == 3, "\(plan)")
        }
    }
}
