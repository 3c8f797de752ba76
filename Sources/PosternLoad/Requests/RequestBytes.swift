package import NIOCore
package import PosternPlatforms

/// A request as it goes over the wire: head and body.
package struct RequestBytes: Sendable {
    /// Request line, headers, empty line.
    package let head: ByteBuffer
    /// The body.
    package let body: ByteBuffer

    /// Joins head and body.
    package init(head: ByteBuffer, body: ByteBuffer) {
        self.head = head
        self.body = body
    }

    /// Serializes a request.
    ///
    /// - Parameters:
    ///   - request: signed, or as it is.
    ///   - authority: host and port for `Host`.
    package init(_ request: SignedRequest, authority: String) {
        var head = ByteBuffer()
        head.writeString("POST \(request.target) HTTP/1.1\r\nHost: \(authority)\r\n")
        for line in request.headers { head.writeString("\(line.name): \(line.value)\r\n") }
        head.writeString("Content-Length: \(request.body.count)\r\n\r\n")
        self.head = head
        self.body = ByteBuffer(bytes: request.body)
    }
}
