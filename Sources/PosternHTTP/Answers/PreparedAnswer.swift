package import NIOCore
package import NIOHTTP1

/// An answer serialized once: status line, security fields, length and body.
///
/// What changes from answer to answer (`Date`, `Connection`, ``AnswerFields``) is added while it is written, so a
/// constant answer costs a copy of its bytes and nothing else. Values are immutable and may be shared by all loops.
package struct PreparedAnswer: Sendable {
    /// The status code of the answer.
    package let status: Int
    /// Status line and constant fields, each with its line end; without the empty line.
    let head: ByteBuffer
    /// The body; empty for an answer without one.
    package let body: ByteBuffer

    /// Serializes an answer.
    ///
    /// - Parameters:
    ///   - status: The status; 204 and 304 carry no length and no body.
    ///   - contentType: The media type; left out when the body is empty.
    ///   - body: The bytes of the body.
    ///   - fields: Further constant fields. Control characters in a value become spaces.
    package init(
        status: HTTPResponseStatus,
        contentType: String = "application/json",
        body: ByteBuffer = ByteBuffer(),
        fields: [(name: String, value: String)] = []
    ) {
        let carriesBody = status != .noContent && status != .notModified
        var head = ByteBuffer()
        head.writeString("HTTP/1.1 \(status.code) ")
        FieldText.write(status.reasonPhrase, to: &head)
        head.writeString("\r\n")
        head.writeString(Self.securityFields)
        if carriesBody {
            if body.readableBytes > 0 {
                head.writeString("Content-Type: ")
                FieldText.write(contentType, to: &head)
                head.writeString("\r\n")
            }
            head.writeString("Content-Length: \(body.readableBytes)\r\n")
        }
        for field in fields {
            FieldText.write(field.name, to: &head)
            head.writeString(": ")
            FieldText.write(field.value, to: &head)
            head.writeString("\r\n")
        }
        self.status = Int(status.code)
        self.head = head
        self.body = carriesBody ? body : ByteBuffer()
    }

    /// Serializes an answer whose body is text.
    package init(
        status: HTTPResponseStatus,
        contentType: String = "application/json",
        text: String,
        fields: [(name: String, value: String)] = []
    ) {
        self.init(status: status, contentType: contentType, body: ByteBuffer(string: text), fields: fields)
    }

    /// The fields every answer carries, refusals included.
    ///
    /// Source: OWASP, "REST Security Cheat Sheet", security headers (answers are never documents to be rendered).
    private static let securityFields = """
        X-Content-Type-Options: nosniff\r
        Cache-Control: no-store\r
        Content-Security-Policy: default-src 'none'\r
        Referrer-Policy: no-referrer\r

        """
}
