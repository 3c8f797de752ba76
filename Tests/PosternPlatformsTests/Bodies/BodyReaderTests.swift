import PosternJSON
import PosternPlatforms
import Testing

@Suite struct BodyReaderTests {
    private static let form = "application/x-www-form-urlencoded"

    @Test(arguments: [
        Case(.json, nil, "application/json", #" {"a":1} "#, #"{"a":1}"#),
        Case(.json, nil, nil, #"{"a":1}"#, #"{"a":1}"#),
        Case(.json, nil, Self.form, #"{"a":1}"#, #"{"a":1}"#), Case(.json, nil, "text/plain", "[1]", "[1]"),
        Case(.json, "payload", "application/json", #"{"a":1}"#, #"{"a":1}"#),
        Case(.json, "payload", Self.form, "payload=%7B%22a%22%3A1%7D", #"{"a":1}"#),
        Case(.json, "payload", Self.form, #"{"a":1}"#, #"{"a":1}"#),
        Case(.json, "payload", nil, "x=1&payload=%5B2%5D", "[2]"),
        Case(.json, "payload", Self.form, "command=%2Fgo", #"{"command":"/go"}"#),
        Case(.form, nil, Self.form, "a=1&b=2", #"{"a":"1","b":"2"}"#), Case(.form, nil, nil, "a=1", #"{"a":"1"}"#),
        Case(.form, nil, "application/json", #"{"a":1}"#, #"{"a":1}"#),
        Case(.form, "events", Self.form, "events=%5B%7B%7D%5D", "[{}]"),
        Case(.xml, nil, "text/plain", "<r><a>1</a></r>", ##"{"#name":"r","a":"1"}"##),
        Case(.any, nil, "application/json", "[]", "[]"), Case(.any, nil, Self.form, "a=1", #"{"a":"1"}"#),
        Case(.any, nil, "text/xml", "<r/>", ##"{"#name":"r"}"##), Case(.any, nil, nil, " {}", "{}"),
        Case(.any, nil, "text/plain", "<r/>", ##"{"#name":"r"}"##), Case(.any, nil, "application/pdf", "[1]", "[1]"),
        Case(.any, "payload", Self.form, "payload=%5B2%5D", "[2]"),
    ])
    func `reads a body as the definition and its Content-Type say`(reading: Case) throws {
        let reader = BodyReader(format: reading.format, field: reading.field)
        let document = try reader.document(body: Array(reading.body.utf8), contentType: reading.contentType)
        #expect(document.root.description == reading.json)
    }

    @Test(arguments: [
        (Case(.json, nil, nil, "", ""), "empty_body"), (Case(.any, nil, nil, "\n", ""), "empty_body"),
        (Case(.xml, nil, nil, " ", ""), "empty_body"), (Case(.json, nil, nil, "a=1", ""), "malformed_json"),
        (Case(.json, "payload", Self.form, "payload=%7B", ""), "malformed_json"),
        (Case(.json, "payload", Self.form, "payload=", ""), "malformed_json"),
        (Case(.any, nil, nil, "a=1", ""), "unsupported_media"),
        (Case(.any, nil, "image/png", "\u{1}", ""), "unsupported_media"),
        (Case(.any, nil, "application/json", "<a/>", ""), "malformed_json"),
        (Case(.xml, nil, "application/json", "{}", ""), "malformed_xml"),
        (Case(.form, nil, nil, "a=%FF", ""), "malformed_utf8"),
        (Case(.json, nil, nil, "\"\u{0}\"", ""), "malformed_json"),
    ])
    func `refuses the rest for good`(reading: Case, code: String) {
        let reader = BodyReader(format: reading.format, field: reading.field)
        do throws(NormalizationError) {
            _ = try reader.document(body: Array(reading.body.utf8), contentType: reading.contentType)
            Issue.record("\(reading.body) was read")
        } catch {
            #expect(error.code == code)
        }
    }

    @Test func `hands the form over beside what its field holds`() throws {
        let reader = BodyReader(format: .json, field: "payload")
        let read = try reader.read(body: Array("payload=%5B%5D&x=1".utf8), contentType: Self.form)
        #expect(read.document.root.description == "[]" && read.form?.first("x") == "1")
        #expect(try reader.read(body: Array("[]".utf8), contentType: nil).form == nil)
    }

    @Test func `refuses a form of too many fields`() {
        let body = Array(repeating: "a=1", count: 10_001).joined(separator: "&")
        #expect(throws: NormalizationError.tooManyFields(limit: 10_000)) {
            try BodyReader(format: .form).document(body: Array(body.utf8), contentType: nil)
        }
    }

    /// A body with what is said about it, and the JSON it must read as.
    struct Case: CustomTestStringConvertible, Sendable {
        let format: BodyFormat
        let field: String?
        let contentType: String?
        let body: String
        let json: String

        init(_ format: BodyFormat, _ field: String?, _ contentType: String?, _ body: String, _ json: String) {
            self.format = format
            self.field = field
            self.contentType = contentType
            self.body = body
            self.json = json
        }

        var testDescription: String { "\(self.format) \(self.field ?? "-") \(self.contentType ?? "-"): \(self.body)" }
    }
}
