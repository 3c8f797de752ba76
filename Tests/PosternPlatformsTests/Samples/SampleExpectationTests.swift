import PosternModel
import PosternPlatforms
import Testing

@Suite struct SampleExpectationTests {
    private func read(_ text: String) throws(SampleError) -> SampleExpectation {
        try SampleExpectation(Array(text.utf8))
    }

    @Test func `reads everything there is`() throws {
        let expectation = try self.read(
            """
            {"scheme": "legacy", "secrets": {"signing": ["a", "b"], "verify_token": "c"}, "parameters":
             {"app_key": "k"}, "url": "https://x.example/in", "now": 1795219200, "verdict": "accepted", "unreadable": "empty_body",
             "answer": {"status": 202, "content_type": "text/plain", "body": "ok", "headers": {"X-A": "1"}},
             "events": [{"type": "t", "key": "k", "account": "a", "subject": "s", "time": "2026-11-21T00:00:00.5Z",
                         "recognized": false}, {"type": "u", "key": "l"}]}
            """
        )
        #expect(expectation.scheme == "legacy")
        #expect(expectation.secrets.map(\.kind) == ["signing", "verify_token"])
        #expect(expectation.secrets.map(\.texts) == [["a", "b"], ["c"]])
        #expect(expectation.parameters == ["app_key": "k"])
        #expect(expectation.url == "https://x.example/in")
        #expect(expectation.now == Timestamp(seconds: 1_795_219_200))
        #expect(expectation.verdict == .accepted)
        #expect(expectation.unreadable == "empty_body")
        #expect(expectation.answer?.status == 202)
        #expect(expectation.answer?.headers == ["x-a": "1"])
        let events = try #require(expectation.events)
        #expect(events.map(\.type) == ["t", "u"])
        #expect(events[0].time == Timestamp(milliseconds: 1_795_219_200_500))
        #expect(!events[0].recognized)
        #expect(events[1].account == nil && events[1].time == nil && events[1].recognized)
    }

    @Test(arguments: VerificationFailure.allCases)
    func `knows every failure`(failure: VerificationFailure) throws {
        let expectation = try self.read(#"{"url": "u", "now": null, "verdict": "\#(failure.rawValue)"}"#)
        #expect(expectation.verdict == .refused(failure))
        #expect(expectation.now == nil && expectation.events == nil && expectation.answer == nil)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"url": "u"}"#, #"{"verdict": "accepted"}"#, #"{"url": "u", "verdict": "perhaps"}"#,
        #"{"url": "u", "verdict": "accepted", "vedrict": "x"}"#, #"{"url": 1, "verdict": "accepted"}"#,
        #"{"url": "u", "verdict": "accepted", "now": "soon"}"#, #"{"url": "u", "verdict": "accepted", "now": 1.5}"#,
        #"{"url": "u", "verdict": "accepted", "events": {}}"#, #"{"url": "u", "verdict": "accepted", "events": [1]}"#,
        #"{"url": "u", "verdict": "accepted", "events": [{"type": "t"}]}"#,
        #"{"url": "u", "verdict": "accepted", "events": [{"type": "t", "key": "k", "time": "noon"}]}"#,
        #"{"url": "u", "verdict": "accepted", "events": [{"type": "t", "key": "k", "data": "d"}]}"#,
        #"{"url": "u", "verdict": "accepted", "events": [{"type": "t", "key": "k", "recognized": "no"}]}"#,
        #"{"url": "u", "answer": {}}"#, #"{"url": "u", "answer": {"status": 99}}"#,
        #"{"url": "u", "answer": {"status": 600}}"#, #"{"url": "u", "answer": {"status": 200, "text": "x"}}"#,
        #"{"url": "u", "verdict": "accepted", "secrets": {"signing": 1}}"#,
        #"{"url": "u", "verdict": "accepted", "secrets": ["a"]}"#,
        #"{"url": "u", "verdict": "accepted", "parameters": {"a": ["b"]}}"#,
    ])
    func `refuses what the page does not describe`(text: String) {
        do throws(SampleError) {
            _ = try self.read(text)
            Issue.record("it was read")
        } catch {
            guard case .malformedExpectation = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
