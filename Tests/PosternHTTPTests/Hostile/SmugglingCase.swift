import Testing

/// One raw request and what must become of it and of the request that follows it on the connection.
///
/// Every case is sent with ``marker`` behind it, so that a request hidden behind a refused one would be seen.
struct SmugglingCase: Sendable, CustomTestStringConvertible {
    /// What must happen.
    enum Outcome: Sendable {
        /// One answer with this status, then the end; `begun` is what the application saw before the fault showed.
        case refused(Int, begun: [String] = [])
        /// The application sees `begun`, all of it and in this order, and the marker after it.
        case served([String], bytes: Int = 0)
        /// The application sees `begun`, then the connection ends with these statuses, the marker unseen.
        case last([String], [Int])
    }

    let clause: String
    let name: String
    let bytes: [UInt8]
    let outcome: Outcome

    /// Makes a case.
    ///
    /// - Parameters:
    ///   - clause: The section of an RFC that says so.
    ///   - name: What is sent.
    ///   - text: Its bytes, one for each scalar.
    ///   - outcome: What must happen.
    init(_ clause: String, _ name: String, _ text: String, _ outcome: Outcome) {
        self.clause = clause
        self.name = name
        self.bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        self.outcome = outcome
    }

    var testDescription: String { "\(self.name) (\(self.clause))" }

    /// The request that follows every case.
    static let marker = "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n"
    /// What the application notes about the marker.
    static let markerBegun = "begin GET /marker"

    /// A case whose fault is in the fields of a head; a body of five bytes follows it.
    static func fields(_ clause: String, _ name: String, _ fields: String, _ outcome: Outcome) -> SmugglingCase {
        SmugglingCase(clause, name, "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\nhello", outcome)
    }

    /// A case whose fault is in the coding; a body of one chunk with five bytes follows the head.
    static func coding(_ clause: String, _ name: String, _ fields: String, _ outcome: Outcome) -> SmugglingCase {
        let body = "5\r\nhello\r\n0\r\n\r\n"
        return SmugglingCase(clause, name, "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)", outcome)
    }

    /// A case whose fault is in the chunks.
    static func chunks(_ clause: String, _ name: String, _ body: String, _ outcome: Outcome) -> SmugglingCase {
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        return SmugglingCase(clause, name, head + body, outcome)
    }

    /// A case whose fault is in the request line.
    static func line(_ clause: String, _ name: String, _ line: String, _ outcome: Outcome) -> SmugglingCase {
        SmugglingCase(clause, name, "\(line)\r\nHost: a\r\n\r\n", outcome)
    }
}
