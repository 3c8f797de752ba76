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
    }
}
