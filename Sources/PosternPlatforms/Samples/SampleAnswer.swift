internal import PosternJSON

/// The answer that a sample of a handshake must get.
package struct SampleAnswer: Equatable, Sendable {
    package let status: Int
    /// Not looked at when `nil`; likewise below.
    package let contentType: String?
    package let body: String?
    /// Headers that must be among those of the answer; names in lower case.
    package let headers: [String: String]

    /// Reads the member `answer`.
    init(_ value: JSONValue) throws(SampleError) {
        var fields = try SampleFields(value, of: "an answer")
        guard let status = try fields.integer("status"), let status = Int(exactly: status), (100...599).contains(status)
        else { throw .malformedExpectation(reason: "an answer needs a \"status\" from 100 to 599") }
        self.status = status
        self.contentType = try fields.text("content_type")
        self.body = try fields.text("body")
        var headers: [String: String] = [:]
        for (name, texts) in try fields.texts("headers", lists: false) { headers[name.lowercased()] = texts[0] }
        self.headers = headers
        try fields.finish()
    }

    /// What an answer has other than expected, one line for each difference.
    func differences(from answer: PlatformAnswer) -> [String] {
        var lines: [String] = []
        if answer.status != self.status { lines.append("the status is \(answer.status), not \(self.status)") }
        if let expected = self.contentType, answer.contentType != expected {
            lines.append("the content type is \(answer.contentType ?? "missing"), not \(expected)")
        }
        if let expected = self.body, answer.body != Array(expected.utf8) {
            lines.append("the body is \"\(String(decoding: answer.body, as: UTF8.self))\", not \"\(expected)\"")
        }
        for (name, expected) in self.headers.sorted(by: { $0.key < $1.key }) {
            let found = answer.headers.first { $0.name.lowercased() == name }?.value
            if found != expected { lines.append("the header \(name) is \(found ?? "missing"), not \(expected)") }
        }
        return lines
    }
}
