/// What a platform sent: the header fields and the body of the request that an event came in.
package struct OriginalRequest: Sendable {
    /// The header fields as deliveries keep them: a line `:target: …`, then `name: value` lines, names in lower case.
    package let headers: [UInt8]
    /// The body, byte for byte.
    package let body: [UInt8]

    /// Joins both.
    package init(headers: [UInt8], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// Lends the fields that may go on to a destination, in their order.
    ///
    /// Left out: what belongs to a connection or to the hop before us, credentials, what the request gets from
    /// Postern itself, values that were not stored, and lines that are no field.
    func eachForwardedField(_ body: (_ name: String, _ value: String) -> Void) {
        for line in self.headers.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
            guard Self.isForwarded(name), CustomHeader.isToken(name), CustomHeader.isValue(value),
                value != Self.notStored[...]
            else { continue }
            body(name, String(decoding: value, as: UTF8.self))
        }
    }

    /// What is stored in place of a token.
    private static let notStored = Array("[secret]".utf8)

    private static func isForwarded(_ name: String) -> Bool {
        !Self.dropped.contains(name) && !CustomHeader.isOurs(name) && !name.hasPrefix("x-forwarded-")
            && !name.hasPrefix("proxy-")
    }

    /// Source: RFC 9110, section 7.6.1 (connection), 10.1.1 (expect), 11.6.2 (authorization); RFC 7239.
    private static let dropped: Set<String> = [
        "accept-encoding", "authorization", "connection", "content-length", "cookie", "expect", "forwarded", "host",
        "http2-settings", "keep-alive", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        "via", "x-real-ip",
    ]
}
