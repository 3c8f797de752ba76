import FoundationEssentials
import PosternModel
import PosternPlatforms
import Testing

/// Changes one thing at a time in samples that are right, and looks for what the check says.
@Suite struct SampleCheckTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let sample: String
        let from: String
        let to: String
        let line: String

        var testDescription: String { "\(self.sample): \(self.from) → \(self.to)" }
    }

    private static let changes = [
        Change(
            sample: "lead-created",
            from: #""verdict": "accepted""#,
            to: #""verdict": "bad_token""#,
            line: "the verdict is accepted, not bad_token"
        ),
        Change(
            sample: "tampered-body",
            from: "signature_mismatch",
            to: "accepted",
            line: "the verdict is signature_mismatch, not accepted"
        ),
        Change(
            sample: "lead-created",
            from: "LEAD_ACTION.CREATED",
            to: "LEAD_ACTION",
            line: #"event 0: type is "LEAD_ACTION.CREATED", not "LEAD_ACTION""#
        ),
        Change(
            sample: "lead-created",
            from: "0001:CREATED",
            to: "0001",
            line: #"event 0: key is "urn:li:leadGenFormResponse:ab12cd34-0001:CREATED", not "#
                + #""urn:li:leadGenFormResponse:ab12cd34-0001""#
        ),
        Change(
            sample: "lead-created",
            from: #""account": "urn:li:sponsoredAccount:516413367","#,
            to: "",
            line: #"event 0: account is "urn:li:sponsoredAccount:516413367", not missing"#
        ),
        Change(
            sample: "lead-created",
            from: #""subject": "urn"#,
            to: #""subject": "u"#,
            line: #"event 0: subject is "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)", not "#
                + #""u:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)""#
        ),
        Change(
            sample: "lead-created",
            from: "23:59:55Z",
            to: "23:59:56Z",
            line: #"event 0: time is "2026-11-20T23:59:55Z", not "2026-11-20T23:59:56Z""#
        ),
        Change(
            sample: "lead-created",
            from: #""type":"#,
            to: #""recognized": false, "type":"#,
            line: #"event 0: recognized is "true", not "false""#
        ),
        Change(
            sample: "lead-created",
            from: #""events": ["#,
            to: #""events": [{"type": "x", "key": "y"}, "#,
            line: "1 events come of it (LEAD_ACTION.CREATED), not 2"
        ),
        Change(
            sample: "lead-created",
            from: #""events""#,
            to: #""unreadable": "malformed_json", "events""#,
            line: "the body can be read, not malformed_json"
        ),
        Change(
            sample: "lead-created",
            from: #""events""#,
            to: #""answer": {"status": 200}, "events""#,
            line: "it is no handshake"
        ),
        Change(
            sample: "lead-created",
            from: #""secrets""#,
            to: #""scheme": "legacy", "secrets""#,
            line: #"there is no scheme "legacy""#
        ),
        Change(
            sample: "lead-created",
            from: #""signing""#,
            to: #""other""#,
            line: "the endpoint cannot verify anything: the endpoint has no active signing secret"
        ),
        Change(
            sample: "lead-created",
            from: "/in/linkedin",
            to: "/in/other",
            line: "the url does not end in the request's /in/linkedin"
        ),
        Change(
            sample: "handshake-challenge-code",
            from: #""status": 200"#,
            to: #""status": 201"#,
            line: "the status is 200, not 201"
        ),
        Change(
            sample: "handshake-challenge-code",
            from: "application/json",
            to: "text/plain",
            line: "the content type is application/json, not text/plain"
        ),
        Change(
            sample: "handshake-challenge-code",
            from: #""status": 200"#,
            to: #""status": 200, "headers": {"X-Content-Type-Options": "nosniff"}"#,
            line: "the header x-content-type-options is missing, not nosniff"
        ),
        Change(
            sample: "handshake-challenge-code",
            from: #""answer""#,
            to: #""verdict": "accepted", "answer""#,
            line: "it is an unsigned handshake and has no verdict, not accepted"
        ),
    ]

    private func differences(_ name: String, from: String, to: String) throws -> [String] {
        let path = "\(ShippedSample.folder)/linkedin/samples/\(name)"
        let request = try #require(FileManager.default.contents(atPath: path + ".http"))
        let expectation = try #require(FileManager.default.contents(atPath: path + ".expected.json"))
        let text = String(decoding: expectation, as: UTF8.self)
        let changed = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(changed.count == 2, "the sample does not contain \(from)")
        let all = try ShippedSample.all()
        let shipped = try #require(all.first { $0.platform.name.text == "linkedin" })
        return SampleCheck.differences(
            of: try Sample(name: name, request: Array(request), expectation: Array(changed.joined(separator: to).utf8)),
            at: shipped.platform
        )
    }

    @Test(arguments: Self.changes)
    func `says what is not as expected`(change: Change) throws {
        let lines = try self.differences(change.sample, from: change.from, to: change.to)
        #expect(lines.contains(change.line), "\(lines)")
    }

    @Test(arguments: Set(Self.changes.map(\.sample)).sorted())
    func `says nothing about what is`(sample: String) throws {
        #expect(try self.differences(sample, from: "\"url\"", to: "\"url\"") == [])
    }

    @Test func `says what a handshake's body is`() throws {
        let lines = try self.differences("handshake-challenge-code", from: "3aded069", to: "00000000")
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix(#"the body is "{"challengeCode":"890e4665"#) == true)
    }
}
