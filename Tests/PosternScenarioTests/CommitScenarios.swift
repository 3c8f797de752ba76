import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// A 2xx means committed.
    @Suite struct CommitScenarios {
        @Test func `a signed request is 200 and its exact bytes are in PostgreSQL before the answer`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                for platform in Sender.platforms {
                    let sender = Sender(endpoint: try await scenario.endpoint(platform))
                    let request = try sender.message("first-\(platform)").request
                    let answer = try await request.send(to: gateway.port)
                    #expect(answer.status == 200, "\(answer)")
                    let id = try #require(answer.deliveryID)
                    let stored = try #require(try await scenario.tables.delivery(id))
                    #expect(stored.body == request.body)
                    #expect(stored.platform == platform)
                    #expect(stored.headers.contains("content-type: application/json"))
                }
            }
        }

        @Test func `nothing is answered while the commit waits`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("meta"))
                let gateway = try await scenario.gateway()
                let request = try sender.message("held").request
                let address = scenario.tables.address
                let answer = try await onThread {
                    var blocker = try Connection(ConnectionConfiguration(address: address))
                    try blocker.script("BEGIN; LOCK TABLE postern.deliveries IN SHARE MODE", within: .seconds(10))
                    let connection = try HTTPConnection(port: gateway.port)
                    try connection.send(request.bytes)
                    #expect(connection.isSilent(for: .milliseconds(500)))
                    try blocker.script("COMMIT", within: .seconds(10))
                    return try connection.answer()
                }
                #expect(answer.status == 200)
                #expect(try await scenario.tables.delivery(try #require(answer.deliveryID)) != nil)
            }
        }

        @Test func `a writing transaction stuck elsewhere holds up neither gateway nor consumer`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let address = scenario.tables.address
                let stuck = WaitingThread { bell in
                    var connection = try Connection(ConnectionConfiguration(address: address))
                    try connection.script("CREATE TABLE bystander (id int); BEGIN", within: .seconds(10))
                    try connection.script("INSERT INTO bystander VALUES (1)", within: .seconds(10))
                    _ = bell.wait(within: .seconds(60))
                    try connection.script("ROLLBACK", within: .seconds(10))
                }
                try await eventually("the transaction is open") {
                    let sql =
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND backend_xid IS NOT NULL"
                    return try await scenario.tables.number(Statement("stuck", sql)) == 1
                }
                for number in 0..<20 {
                    try await sender.deliver(try sender.message("evt_\(number)").request, to: gateway.port)
                }
                try await eventually("all events are there", within: .seconds(10)) {
                    try await scenario.tables.eventKeys().count == 20
                }
                try await stuck.finish()
            }
        }
    }
}
