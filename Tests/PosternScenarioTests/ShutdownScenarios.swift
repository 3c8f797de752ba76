import Glibc
import PosternTesting
import Testing

extension Scenarios {
    /// SIGTERM: finish what is held, commit, exit 0.
    @Suite struct ShutdownScenarios {
        @Test func `a gateway stopped under load stores what it answered and exits with 0`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                let load = Load([sender], to: gateway.port, connections: 6, pause: .zero)
                try await load.acknowledges(300)
                let told = ContinuousClock.now
                gateway.process.signal(SIGTERM)
                #expect(try await gateway.process.ended(within: .seconds(25)) == .exited(0))
                #expect(ContinuousClock.now - told < .seconds(10))
                let ledger = await load.stop()
                #expect(Set(ledger.statuses.keys).isSubset(of: [200, 503]), "\(ledger.statuses)")
                #expect(ledger.impatient == 0)
                #expect(ledger.faults[.truncated] == nil)
                try await scenario.expectStored(ledger)
                _ = try await scenario.consumer()
                try await scenario.settle(ledger)
            }
        }

        @Test func `a request half sent when the gateway is told to stop is finished, stored and answered 200`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let gateway = try await scenario.gateway()
                let request = try sender.message("half").request
                let held = try await onThread {
                    let connection = try HTTPConnection(port: gateway.port)
                    try connection.send(request.head + request.body.prefix(10))
                    // Long enough for the gateway to have read it.
                    #expect(connection.isSilent(for: .milliseconds(200)))
                    gateway.process.signal(SIGTERM)
                    #expect(connection.isSilent(for: .milliseconds(500)))
                    try connection.send(Array(request.body.dropFirst(10)))
                    return try connection.answer()
                }
                #expect(held.status == 200, "\(held)")
                #expect(try await scenario.tables.delivery(held.deliveryID ?? "") != nil)
                #expect(try await gateway.process.ended(within: .seconds(5)) == .exited(0))
            }
        }

        @Test func `a client that never finishes keeps a gateway no longer than its limit`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("github"))
                let gateway = try await scenario.gateway(settings: ["POSTERN_GATEWAY_SHUTDOWN_SECONDS": "1"])
                let request = try sender.message("never").request
                let ending = try await onThread {
                    let connection = try HTTPConnection(port: gateway.port)
                    try connection.send(request.head)
                    let idle = try HTTPConnection(port: gateway.port)
                    #expect(connection.isSilent(for: .milliseconds(200)))
                    gateway.process.signal(SIGTERM)
                    let fault = #expect(throws: HTTPFault.self) { try connection.answer() }
                    withExtendedLifetime(idle) {}
                    return fault
                }
                #expect(ending == .closed || ending == .reset)
                #expect(try await gateway.process.ended(within: .seconds(5)) == .exited(0))
            }
        }

        @Test func `a consumer stopped at work exits with 0 and gives its lanes up at once`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("meta"))
                let gateway = try await scenario.gateway()
                let load = Load([sender], to: gateway.port)
                let lease = ["POSTERN_CONSUMER_LEASE_SECONDS": "60"]
                let first = try await scenario.consumer(settings: lease)
                try await load.acknowledges(200)
                first.process.signal(SIGTERM)
                #expect(try await first.process.ended(within: .seconds(10)) == .exited(0))
                #expect(try await scenario.tables.lanesByOwner().isEmpty)
                _ = try await scenario.consumer(settings: lease)
                try await load.acknowledges(50)
                try await scenario.settle(await load.stop())
            }
        }
    }
}
