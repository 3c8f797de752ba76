internal import PosternJSON
package import PosternModel

/// An event that must come of a sample.
package struct SampleEvent: Equatable, Sendable {
    package let type: String
    package let key: String
    /// Nothing must be found where this is `nil`; likewise below.
    package let account: String?
    package let subject: String?
    package let time: Timestamp?
    package let recognized: Bool

    /// Reads one entry of `events`.
    init(_ value: JSONValue) throws(SampleError) {
        var fields = try SampleFields(value, of: "an event")
        self.type = try fields.requireText("type")
        self.key = try fields.requireText("key")
        self.account = try fields.text("account")
        self.subject = try fields.text("subject")
        if let text = try fields.text("time") {
            guard let time = Timestamp(iso8601: text) else {
                throw .malformedExpectation(reason: "\"\(text)\" is no ISO 8601 time")
            }
            self.time = time
        } else {
            self.time = nil
        }
        self.recognized = try fields.boolean("recognized") ?? true
        try fields.finish()
    }

    /// What an event has other than expected, one line for each difference.
    func differences(from event: NormalizedEvent) -> [String] {
        var lines: [String] = []
        func compare(_ what: String, _ expected: String?, _ found: String?) {
            guard expected != found else { return }
            lines.append("\(what) is \(Self.quoted(found)), not \(Self.quoted(expected))")
        }
        compare("type", self.type, event.type)
        compare("key", self.key, event.key)
        compare("account", self.account, event.account)
        compare("subject", self.subject, event.subject)
        compare("time", self.time?.description, event.time?.description)
        compare("recognized", "\(self.recognized)", "\(event.recognized)")
        return lines
    }

    private static func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "missing" }
}
