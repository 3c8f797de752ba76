import PosternPlatforms
import Testing

@Suite struct SenderFactsTests {
    private func sender(_ section: String) throws -> SenderFacts {
        try TestEndpoint.platform("kind: none", sections: section).sender
    }

    @Test func `knows nothing where nothing is said`() throws {
        let sender = try self.sender("")
        #expect(sender.answer == PlatformAnswer(status: 200))
        #expect(sender.timeLimit == nil)
        #expect(sender.retriesFor == nil)
        #expect(sender.action(after: 500) == nil)
    }

    @Test func `prepares the answer`() throws {
        let sender = try self.sender(
            "sender: {answer: {status: 202, content_type: application/json, text: \"{{}\"}, time_limit_seconds: 5}"
        )
        #expect(sender.answer == PlatformAnswer(status: 202, contentType: "application/json", body: Array("{}".utf8)))
        #expect(sender.timeLimit == .seconds(5))
    }

    @Test func `tells never from unknown`() throws {
        #expect(try self.sender("sender: {retries_for_seconds: 0, retries: \"never\"}").retriesFor == .zero)
        #expect(try self.sender("sender: {retries: \"never\"}").retries == "never")
    }

    @Test(
        arguments: [
            (200, .final), (299, .retry), (404, .final), (410, .disable), (429, .retry), (500, .retry), (599, .retry),
            (301, nil),
        ] as [(Int, SenderAction?)]
    )
    func `lets an exact status count before its class`(status: Int, action: SenderAction?) throws {
        let section =
            "sender: {statuses: {\"2xx\": retry, \"200\": final, \"4xx\": final, \"410\": disable, \"429\": retry, \"5xx\": retry}}"
        #expect(try self.sender(section).action(after: status) == action)
    }
}
