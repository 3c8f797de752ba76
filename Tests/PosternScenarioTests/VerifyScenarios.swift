import FoundationEssentials
import Testing

extension Scenarios {
    /// `postern verify` beside processes that work.
    @Suite struct VerifyScenarios {
        private struct Report: Decodable {
            struct Balance: Decodable {
                let name: String?
                let accepted: Int
                let settled: Int
                let dead_lettered: Int
            }

            struct Fault: Decodable {
                let rule: String
                let row: String
            }

            let balanced: Bool
            let organizations: [Balance]
            let faults: [Fault]
        }

        private static func verify(_ scenario: Scenario, _ options: String...) async throws -> (Report, succeeded: Bool)
        {
            let outcome = try await scenario.run(["verify", "--json"] + options)
            #expect(outcome.errors.isEmpty, "\(outcome.errors)")
            return (try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)), outcome.succeeded)
        }

        @Test func `what the processes stored adds up, and a row that somebody removed is named`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                for number in 0..<20 {
                    try await sender.deliver(try sender.message("evt_\(number % 15)").request, to: gateway.port)
                }
                try await sender.deliver(try sender.signed(Array("this is not JSON".utf8)), to: gateway.port)
                // Under load it adds up as well: whatever was not read yet is in flight.
                let early = try await Self.verify(scenario)
                #expect(early.0.balanced && early.succeeded, "\(early.0.faults)")
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                let (report, succeeded) = try await Self.verify(scenario)
                #expect(report.balanced && succeeded, "\(report.faults)")
                let balance = try #require(report.organizations.first)
                #expect(balance.accepted == 21 && balance.settled == 20 && balance.dead_lettered == 1)
                try await scenario.tables.script("DELETE FROM postern.webhook_dead_letter_queue")
                let broken = try await Self.verify(scenario)
                #expect(!broken.0.balanced && !broken.succeeded)
                #expect(broken.0.faults.map(\.rule) == ["delivery_lost"])
                let text = try await scenario.run(["verify"])
                #expect(text.ending == .exited(1))
                #expect(text.output.contains("delivery_lost") && text.output.contains(broken.0.faults[0].row))
            }
        }

        @Test func `a time or an organization that is none is refused with a code`() async throws {
            try await Scenario.with { scenario in
                let time = try await scenario.run(["verify", "--since", "yesterday"])
                #expect(time.ending == .exited(1) && time.errors.contains("bad_option"))
                let organization = try await scenario.run(["verify", "--org", "nobody"])
                #expect(organization.ending == .exited(1) && organization.errors.contains("organization_not_found"))
                for since in ["2026-01-01", "2026-01-01T12:00:00Z", "1h", "7d"] {
                    #expect(try await scenario.run(["verify", "--since", since]).succeeded, "\(since)")
                }
            }
        }
    }
}
