import Glibc
import Testing

extension Scenarios {
    /// Several gateways share one port and one database.
    @Suite struct SharedPortScenarios {
        @Test func `gateways that come and go under load are noticed by nobody`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let port = try HTTPConnection.freePort()
                let first = try await scenario.gateway(port: port)
                // New connections again and again: the system spreads connections, not requests.
                let load = Load([sender], to: port, connections: 6, requestsPerConnection: 5)
                try await load.acknowledges(100)
                let second = try await scenario.gateway(port: port)
                try await load.acknowledges(300)
                let counts = try await scenario.tables.deliveriesByGateway()
                #expect(counts.count == 2)
                #expect(counts.values.allSatisfy { $0 >= 20 }, "\(counts)")
                first.process.signal(SIGTERM)
                #expect(try await first.process.ended(within: .seconds(25)) == .exited(0))
                try await load.acknowledges(100)
                let ledger = await load.stop()
                #expect(Set(ledger.statuses.keys) == [200], "\(ledger.statuses) \(ledger.lastRefusal ?? "")")
                #expect(Set(ledger.faults.keys).isSubset(of: [.closed]), "\(ledger.faults)")
                #expect(second.process.ending == nil)
                _ = try await scenario.consumer()
                try await scenario.settle(ledger)
            }
        }
    }
}
