import PosternTesting
import Testing

extension Scenarios {
    /// Clients that take their time, or too many connections, cost only themselves.
    @Suite struct SlowClientScenarios {
        @Test func `requests that do not come to their end are cut off, and others are served meanwhile`() async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway(
                    settings: ["POSTERN_GATEWAY_HEAD_SECONDS": "1", "POSTERN_GATEWAY_BODY_SECONDS": "1"]
                )
                let request = try sender.message("evt_slow").request
                let codes = try await onThread {
                    let head = try HTTPConnection(port: gateway.port)
                    try head.send(Array(request.head.prefix(20)))
                    let body = try HTTPConnection(port: gateway.port)
                    try body.send(request.head + request.body.prefix(5))
                    let other = try HTTPConnection(port: gateway.port)
                    try other.send(try sender.message("evt_quick").request.bytes)
                    #expect(try other.answer().status == 200)
                    let answers = [try head.answer(), try body.answer()]
                    #expect(answers.map(\.status) == [408, 408])
                    #expect(throws: HTTPFault.closed) { try body.answer() }
                    return answers.map(\.code)
                }
                #expect(codes == ["head_timeout", "body_timeout"])
                #expect(try await scenario.tables.deliveryIDs().count == 1)
            }
        }

        @Test func `connections past the cap are told so, and the places of closed ones are free again`() async throws {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway(settings: ["POSTERN_GATEWAY_CONNECTIONS": "5"])
                let ask = HTTPRequest(method: "GET", target: "/health")
                let refusal = try await onThread {
                    var held: [HTTPConnection] = []
                    for _ in 0..<5 {
                        let connection = try HTTPConnection(port: gateway.port)
                        try connection.send(ask.bytes)
                        #expect(try connection.answer().status == 200)
                        held.append(connection)
                    }
                    let refusal = try HTTPConnection(port: gateway.port).answer()
                    withExtendedLifetime(held) {}
                    return refusal
                }
                #expect(refusal.status == 503)
                #expect(refusal.code == "too_many_connections")
                #expect(refusal["Retry-After"] != nil)
                try await eventually("places are free again", within: .seconds(5)) {
                    try await ask.send(to: gateway.port).status == 200
                }
            }
        }
    }
}
