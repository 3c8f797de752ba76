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
    /// Source: RFC 9112, sections 2.3 (version), 3.2 (Host), 6.1 and 6.3 (length), 9.3 (persistence); RFC 9110, section
    /// 10.1.1 (Expect).
    package init(_ head: HTTPRequestHead, limits: ConnectionLimits) throws(Refusal) {
        guard head.version.major == 1 else { throw .unsupportedVersion }
        guard head.uri.utf8.count <= limits.targetBytes else { throw .targetTooLong }
        guard head.headers.count <= limits.headerCount else { throw .headersTooLarge }
        // The parser reads RTSP and ICE as well and does not say so; their own methods give them away.
        if case .RAW(let method) = head.method, method != "QUERY" { throw .malformedRequest }
        let isModern = head.version.minor >= 1
        var bytes = 0
        var hosts = 0
        var codings: String?
        var upgrades = head.method == .CONNECT
        for (name, value) in head.headers {
            // Colon, space and line end count, so that empty fields are not free.
            bytes += name.utf8.count + value.utf8.count + 4
            // The length tells the five names apart from nearly all others without comparing text.
            switch name.utf8.count {
            case 4 where name.equalsASCII("host"):
                guard HostField.isValid(value.trimmingTrailingBlanks) else { throw .malformedRequest }
                hosts += 1
            case 6 where name.equalsASCII("expect"):
                guard value.trimmingTrailingBlanks.equalsASCII("100-continue") else { throw .unknownExpectation }
                self.expectsContinue = isModern
            case 7 where name.equalsASCII("upgrade"): upgrades = true
            case 14 where name.equalsASCII("content-length"):
                guard self.contentLength == nil, let length = Self.length(value.trimmingTrailingBlanks) else {
                    throw .malformedRequest
                }
                self.contentLength = length
            case 17 where name.equalsASCII("transfer-encoding"):
                guard isModern else { throw .malformedRequest }
                // Lines of one name are one list, and the list is judged as a whole.
                codings = codings.map { "\($0),\(value)" } ?? value
            default: break
            }
        }
        guard bytes <= limits.headerBytes else { throw .headersTooLarge }
        guard hosts == 1 || (hosts == 0 && !isModern) else { throw .malformedRequest }
        if let codings { self.isChunked = try Self.isChunked(codings) }
        guard !self.isChunked || self.contentLength == nil else { throw .malformedRequest }
        self.isHead = head.method == .HEAD
        // NIO's decoder stops for good after a request that asks for another protocol, so nothing can follow it.
        self.keepsAlive = head.isKeepAlive && !upgrades
        self.saysKeepAlive = !isModern && self.keepsAlive
        if !self.hasBody { self.expectsContinue = false }
    }

    /// Whether body bytes follow the head.
    package var hasBody: Bool { self.isChunked || (self.contentLength ?? 0) > 0 }

    /// Judges a list of transfer codings: `chunked` alone is understood.
    ///
    /// Without `chunked` once and last there is no telling where the body ends: 400. With it, another coding is merely
    /// unknown: 501. Empty elements, which a list may have, are refused: they serve nothing but to hide a coding.
    private static func isChunked(_ codings: String) throws(Refusal) -> Bool {
        if codings.equalsASCII("chunked") { return true }
        // Not with a tab behind it, which the parser takes for a part of the name.
        if !codings.utf8.contains(UInt8(ascii: "\t")), codings.trimmingTrailingBlanks.equalsASCII("chunked") {
            return true
        }
        let list = codings.split(separator: ",", omittingEmptySubsequences: false).map { element in
            String(element.trimmingBlanks)
        }
        guard let last = list.last, last.equalsASCII("chunked"), !list.contains("") else { throw .malformedRequest }
        let others = list.dropLast()
        guard !others.isEmpty, !others.contains(where: { $0.equalsASCII("chunked") }) else { throw .malformedRequest }
        throw .unsupportedTransferEncoding
    }

    /// Reads a length of at most 18 digits, so that it cannot overflow.
    private static func length(_ value: String) -> Int? {
        let digits = value.utf8.span
        guard (1...18).contains(digits.count) else { return nil }
        var length = 0
        for index in digits.indices {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = digits[index] else { return nil }
            length = length * 10 + Int(digits[index] - UInt8(ascii: "0"))
        }
        return length
    }
}
