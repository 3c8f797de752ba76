import PosternPostgres
import PosternStatus
import PosternStore
import Testing

@Suite struct PipelineHealthTests {
    @Test func `a destination that fails is counted and makes no process unwell`() async throws {
        let world = """
            INSERT INTO postern.organizations (id, name) VALUES (md5('o')::uuid, 'acme');
            INSERT INTO postern.destinations (id, org_id, name, kind, url, circuit, state) VALUES
                (gen_random_uuid(), md5('o')::uuid, 'a', 'http', 'https://a.example/', 'open', 'enabled'),
                (gen_random_uuid(), md5('o')::uuid, 'b', 'http', 'https://b.example/', 'closed', 'disabled'),
                (gen_random_uuid(), md5('o')::uuid, 'c', 'http', 'https://c.example/', 'half_open', 'enabled')
            """
        try await StatusDatabase.with(role: "postern_consumer", world) { status in
            let version = Int32(try Migration.embedded().count)
            let health = PipelineHealth(database: status.database, schemaVersion: version, delivers: true)
            let components = await health.components()
            let destinations = try #require(components.first { $0.name == "destinations" })
            #expect(destinations.state == .ok)
            let figures = destinations.details.map { detail in
                if case .number(let number) = detail.value { "\(detail.name) \(number)" } else { detail.name }
            }
            #expect(figures == ["all 3", "open_circuits 2", "disabled 1", "paused 0"])
            #expect(HealthReport(process: "consumer", version: "1", components: components).state != .failing)
        }
    }

    @Test func `a gateway counts no destinations`() async throws {
        try await StatusDatabase.with(role: "postern_gateway", "SELECT 1") { status in
            let health = PipelineHealth(database: status.database, schemaVersion: 1)
            #expect(!(await health.components()).contains { $0.name == "destinations" })
        }
    }
}
