import PosternJSON
import PosternPlatforms
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        (["body.k"], #"{"a":1,"k":"s\"x","b":2}"#, #"{"a":1,"k":"[redacted]","b":2}"#),
        (["body.k"], #"{"a":1}"#, #"{"a":1}"#),
        (["body.k"], #"{"k":null}"#, #"{"k":null}"#), (["body.k"], #"{"k":12345}"#, #"{"k":"[redacted]"}"#),
        (["body.k"], #"{"k":{"x":[1]}}"#, #"{"k":"[redacted]"}"#), ([], #"{"k":1}"#, #"{"k":1}"#),
        (["body.v[].s"], #" {"v":[{"s":"a"},{},{"s":"b"}]} "#, #" {"v":[{"s":"[redacted]"},{},{"s":"[redacted]"}]} "#),
        (["body.b", "body.a"], #"{"a":"1","b":"2"}"#, #"{"a":"[redacted]","b":"[redacted]"}"#),
        (["body.a.b", "body.a", "body.a.b"], #"{"a":{"b":"x","c":1}}"#, #"{"a":"[redacted]"}"#),
        (["body"], #"["x"]"#, #""[redacted]""#), (["parse(body.p).k"], #"{"p":"{\"k\":1}"}"#, #"{"p":"{\"k\":1}"}"#),
        (["header:X"], #"{"k":1}"#, #"{"k":1}"#),
    ])
    func `masks what the paths find`(paths: [String], text: String, masked: String) throws {
        let document = try JSONDocument(bytes: Array(text.utf8))
        let paths = try paths.map { try ValuePath($0, iterating: true) }
        #expect(String(decoding: Redaction.masked(document, paths: paths), as: UTF8.self) == masked)
        #expect(throws: Never.self) { try JSONDocument(bytes: Redaction.masked(document, paths: paths)) }
    }

    @Test func `masks in an event whose data is inside, around or beside the secret`() throws {
        let plan = try EventPlan(
            yaml: """
                redact: [body.secret]
                events:
                  - {type: whole}
                  - {type: inside, data: body.secret.inner}
                  - {type: itself, data: body.secret}
                  - {type: beside, data: body.plain}
                """
        )
        let events = try plan.events(#"{"plain":[1],"secret":{"inner":"s"}}"#).events
        #expect(
            events.map(\.dataText)
                == [#"{"plain":[1],"secret":"[redacted]"}"#, #""[redacted]""#, #""[redacted]""#, "[1]"]
        )
    }
}
