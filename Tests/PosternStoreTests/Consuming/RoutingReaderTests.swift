import PosternModel
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct RoutingReaderTests {
    @Test func `reads the endpoints asked for that are there`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            try log.root.run(
                """
                INSERT INTO postern.organizations (id, name) VALUES ('\(log.organization)', 'o');
                INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane, parameters, routes_accounts)
                VALUES ('\(log.endpoint)', '\(log.organization)', 'x', 'keykeykey', 'n', 3, '{"app_key": "k"}', true);
                """
            )
            let endpoints = try RoutingReader.endpoints(
                [log.endpoint, .fresh(at: .now())],
                &log.consumer,
                within: StoreDatabase.deadline
            )
            #expect(endpoints.map(\.id) == [log.endpoint])
            #expect(endpoints.map(\.parameters) == [["app_key": "k"]])
            #expect(endpoints.map(\.routesAccounts) == [true])
        }
    }

    @Test func `reads whose accounts these are on one platform`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            try log.root.run(
                """
                INSERT INTO postern.organizations (id, name) VALUES ('\(log.organization)', 'o');
                INSERT INTO postern.accounts (platform, account, org_id)
                VALUES ('x', 'a', '\(log.organization)'), ('y', 'b', '\(log.organization)');
                """
            )
            let found = try RoutingReader.organizations(
                of: ["a", "b", "c"],
                platform: "x",
                &log.consumer,
                within: StoreDatabase.deadline
            )
            #expect(found == ["a": log.organization])
        }
    }
}
