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
                var current = try await scenario.gateway(port: port)
                // New connections again and again: the system spreads connections, not requests.
                let load = Load([sender], to: port, connections: 6, requestsPerConnection: 5)
                try await load.acknowledges(50)
                // A rolling restart, three times over: each stop is another chance for a request to cross it.
                for _ in 0..<3 {
                    let next = try await scenario.gateway(port: port)
                    try await load.acknowledges(100)
                    current.process.signal(SIGTERM)
                    #expect(try await current.process.ended(within: .seconds(25)) == .exited(0))
                    current = next
                    try await load.acknowledges(50)
                }
                let counts = try await scenario.tables.deliveriesByGateway()
                #expect(counts.count == 4)
                #expect(counts.values.allSatisfy { $0 >= 20 }, "\(counts)")
                let ledger = await load.stop()
                #expect(Set(ledger.statuses.keys) == [200], "\(ledger.statuses) \(ledger.lastRefusal ?? "")")
                #expect(Set(ledger.faults.keys).isSubset(of: [.closed, .reset]), "\(ledger.faults)")
                // What the kernel holds for a listener that closes it resets, unless net.ipv4.tcp_migrate_req is set;
                // that is one connection at most for each stop here, and none that the gateway had accepted.
                #expect(ledger.faults[.reset, default: 0] <= 3, "\(ledger.faults)")
                #expect(current.process.ending == nil)
                _ = try await scenario.consumer()
                try await scenario.settle(ledger)
            }
        }
    }
}
