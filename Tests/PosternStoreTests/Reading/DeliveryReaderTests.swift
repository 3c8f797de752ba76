import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DeliveryReaderTests {
    private static let within = StoreDatabase.deadline

    @Test func `finds a delivery by its identifier, for its organization and the operator`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Traffic.makeDays(3, &superuser)
            try Traffic.storeDeliveries(500, &superuser)
            let found = try superuser.ask("SELECT id, stored_at FROM postern.deliveries WHERE seq = 123")
            let id: DeliveryID = try found.id(0, 0)
            let storedAt = try found.timestamp(0, 1)
            var session = try database.connect(.operator)
            let record = try #require(try DeliveryReader.find(id, of: nil, &session, within: Self.within))
            #expect(record.id == id)
            #expect(record.lane == Lane(123 % 8))
            #expect(record.writer == 1)
            #expect(record.sequence == 123)
            #expect(record.storedAt == storedAt)
            #expect(record.organization == Traffic.organization(123 % 5))
            #expect(record.secret == nil)
            #expect(record.platform == "github")
            #expect(record.headers == Array("h 123".utf8))
            #expect(record.body == Array("b 123".utf8))
            #expect(try DeliveryReader.find(id, of: record.organization, &session, within: Self.within) == record)
            #expect(try DeliveryReader.find(id, of: Traffic.organization(4), &session, within: Self.within) == nil)
            var admin = try database.connect(.admin)
            for (organization, expected) in [(record.organization, record), (Traffic.organization(4), nil)] {
                let own = try admin.transaction(for: organization, within: Self.within) {
                    transaction throws(PostgresError) in
                    try DeliveryReader.find(id, of: nil, &transaction, within: Self.within)
                }
                #expect(own == expected)
            }
            #expect(try DeliveryReader.find(.fresh(at: .now()), of: nil, &session, within: Self.within) == nil)
        }
    }

    @Test func `finds a delivery that was stored long after its identifier was made`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let id = DeliveryID.fresh(at: Timestamp(seconds: 1_000_000_000))
            try superuser.run(
                """
                INSERT INTO postern.deliveries VALUES (0, 1, 1, now(), '\(id)', gen_random_uuid(), gen_random_uuid(),
                    NULL, 'x', '', '')
                """
            )
            var session = try database.connect(.operator)
            #expect(try DeliveryReader.find(id, of: nil, &session, within: Self.within)?.id == id)
        }
    }

    @Test func `looks at the days around the time in the identifier, through the BRIN index`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Traffic.makeDays(3, &superuser)
            try Traffic.storeDeliveries(60_000, &superuser)
            var session = try database.connect(.operator)
            let id = DeliveryID.fresh(at: .now())
            _ = try DeliveryReader.find(id, of: nil, &session, within: Self.within)
            let noon = CivilDate(.now()).start.advanced(by: .seconds(-43_200))
            let plan = try session.plan(
                of: "delivery_find",
                ["'\(id)'", "'\(noon.advanced(by: .seconds(-3600)))'", "'\(noon)'", "NULL"]
            )
            #expect(plan.contains(/Bitmap Index Scan on deliveries_\d{8}_id_idx/))
            #expect(plan.matches(of: /on deliveries_\d{8}( |\n|$)/).count == 1)
        }
    }
}
