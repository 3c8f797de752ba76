import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Overload is answered, not suffered, and shared fairly.
    @Suite struct OverloadScenarios {
        @Test func `a full queue refuses the one that filled it, before its body, and still has room for others`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization("loud")
                try await scenario.createOrganization("calm")
                let loud = Sender(endpoint: try await scenario.endpoint("github", organization: "loud"))
                let calm = Sender(endpoint: try await scenario.endpoint("github", organization: "calm"))
                let gateway = try await scenario.gateway(settings: [
                    "POSTERN_GATEWAY_QUEUE_ROWS": "8", "POSTERN_GATEWAY_COMMIT_TIMEOUT_SECONDS": "60",
                ])
                let request = try loud.message("loud").request
                let guest = try calm.message("calm").request
                let address = scenario.tables.address
                let ids = try await onThread {
                    var blocker = try Connection(ConnectionConfiguration(address: address))
                    try blocker.script("BEGIN; LOCK TABLE postern.deliveries IN SHARE MODE", within: .seconds(10))
                    var waiting: [HTTPConnection] = []
                    var refusal: HTTPAnswer?
                    for _ in 0..<300 where refusal == nil {
                        let connection = try HTTPConnection(port: gateway.port)
                        // The head alone: whoever is refused is spared the body.
                        try connection.send(request.head)
                        if connection.isSilent(for: .milliseconds(100)) {
                            try connection.send(request.body)
                            waiting.append(connection)
                        } else {
                            refusal = try connection.answer()
                        }
                    }
                    let answer = try #require(refusal)
                    #expect(answer.status == 503)
                    #expect(answer.code == "overloaded")
                    #expect(answer["Retry-After"] == "1")
                    // Four in the queue of eight, and what the writer had taken before.
                    #expect((4...12).contains(waiting.count), "\(waiting.count) wait")
                    let other = try HTTPConnection(port: gateway.port)
                    try other.send(guest.bytes)
                    #expect(other.isSilent(for: .milliseconds(200)), "another organization waits for its commit")
                    try blocker.script("COMMIT", within: .seconds(10))
                    let answers = try (waiting + [other]).map { connection in try connection.answer() }
                    #expect(Set(answers.map(\.status)) == [200])
                    return Set(answers.compactMap(\.deliveryID))
                }
                #expect(try await scenario.tables.deliveryIDs() == ids)
                // Recovery needs no one.
                try await loud.deliver(request, to: gateway.port)
            }
        }

        @Test func `bodies in memory are bounded, and one organization's leave room for another's`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization("loud")
                try await scenario.createOrganization("calm")
                let loud = Sender(endpoint: try await scenario.endpoint("meta", organization: "loud"))
                let calm = Sender(endpoint: try await scenario.endpoint("meta", organization: "calm"))
                let gateway = try await scenario.gateway(settings: ["POSTERN_GATEWAY_BODY_BYTES": "1048576"])
                var request = try loud.message("loud").request
                request.body = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
                let large = request
                try await onThread {
                    // Bodies without their last byte: they stay in memory and are never verified.
                    var held: [HTTPConnection] = []
                    var refusal: HTTPAnswer?
                    for _ in 0..<12 where refusal == nil {
                        let connection = try HTTPConnection(port: gateway.port)
                        try connection.send(Array(large.bytes.dropLast()))
                        if connection.isSilent(for: .milliseconds(200)) {
                            held.append(connection)
                        } else {
                            refusal = try connection.answer()
                        }
                    }
                    #expect(try #require(refusal).code == "overloaded")
                    #expect(held.count == 2, "no more than half of a megabyte: \(held.count) bodies")
                    let other = try HTTPConnection(port: gateway.port)
                    try other.send(try calm.message("calm").request.bytes)
                    #expect(try other.answer().status == 200)
                }
                // The connections are closed now, and what they held is free again.
                let again = try loud.message("again").request
                try await eventually("there is room again") { try await again.send(to: gateway.port).status == 200 }
            }
        }
    }
}
