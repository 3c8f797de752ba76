package import NIOHTTP1

/// What the head says about the body and the connection, checked in one pass.
package struct RequestFraming: Equatable, Sendable {
    /// The announced length of the body in bytes.
    package var contentLength: Int?
    /// Whether the body comes in chunks.
    package var isChunked = false
    /// Whether the sender waits for `100 Continue` before it sends the body.
    package var expectsContinue = false
    /// Whether the connection may carry another request after this one.
    package var keepsAlive = true
    /// Whether the answer must say that the connection stays open: HTTP/1.0 assumes it does not.
    package var saysKeepAlive = false
    /// Whether the answer goes out without its body.
    package var isHead = false

    /// Makes the framing of a request without a body.
    package init() {}

    /// Checks a head the parser let through.
    ///
    /// - Throws: The refusal to answer with; the connection must close after it.
    ///
    /// Source: RFC 9112, sections 3.2 (Host), 6.1 and 6.3 (length), 9.3 (persistence); RFC 9110, section 10.1.1
    /// (Expect).
    package init(_ head: HTTPRequestHead, limits: ConnectionLimits) throws(Refusal) {
        guard head.version.major == 1 else { throw .unsupportedVersion }
        guard head.uri.utf8.count <= limits.targetBytes else { throw .targetTooLong }
        guard head.headers.count <= limits.headerCount else { throw .headersTooLarge }
        let isModern = head.version.minor >= 1
        var bytes = 0
        var hosts = 0
        var upgrades = head.method == .CONNECT
        for (name, value) in head.headers {
            // Colon, space and line end count, so that empty fields are not free.
            bytes += name.utf8.count + value.utf8.count + 4
            // The length tells the five names apart from nearly all others without comparing text.
            switch name.utf8.count {
            case 4 where name.equalsASCII("host"): hosts += 1
            case 6 where name.equalsASCII("expect"):
                guard value.equalsASCII("100-continue") else { throw .unknownExpectation }
                self.expectsContinue = isModern
            case 7 where name.equalsASCII("upgrade"): upgrades = true
            case 14 where name.equalsASCII("content-length"):
                guard self.contentLength == nil, let length = Self.length(value) else { throw .malformedRequest }
                self.contentLength = length
            case 17 where name.equalsASCII("transfer-encoding"):
                guard !self.isChunked, isModern else { throw .malformedRequest }
                guard value.equalsASCII("chunked") else { throw .unsupportedTransferEncoding }
                self.isChunked = true
            default: break
            }
        }
        guard bytes <= limits.headerBytes else { throw .headersTooLarge }
        guard hosts == 1 || (hosts == 0 && !isModern) else { throw .malformedRequest }
        guard !self.isChunked || self.contentLength == nil else { throw .malformedRequest }
        self.isHead = head.method == .HEAD
        // NIO's decoder stops for good after a request that asks for another protocol, so nothing can follow it.
        self.keepsAlive = head.isKeepAlive && !upgrades
        self.saysKeepAlive = !isModern && self.keepsAlive
        if !self.hasBody { self.expectsContinue = false }
    }

    /// Whether body bytes follow the head.
    package var hasBody: Bool { self.isChunked || (self.contentLength ?? 0) > 0 }

    /// Reads a length of at most 18 digits, so that it cannot overflow.
    private static func length(_ value: String) -> Int? {
        guard (1...18).contains(value.utf8.count),
            value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(value)
    }
}
