package import NIOHTTP1

/// The head of one request, as the responder sees it.
package struct RequestHead: Sendable {
    private let head: HTTPRequestHead
    private let framing: RequestFraming
    /// The address limits count: the connection's, or the one that trusted proxies name.
    ///
    /// Who opened the connection, unless that is a trusted proxy; then what its PROXY header says; and if that address
    /// is a trusted proxy too (or there is no such header), what the configured ``ForwardedField`` says.
    package let peer: PeerAddress

    /// Joins a head with what was found out about it.
    package init(_ head: HTTPRequestHead, framing: RequestFraming, peer: PeerAddress) {
        self.head = head
        self.framing = framing
        self.peer = peer
    }

    /// The method.
    package var method: HTTPMethod { self.head.method }
    /// The request target exactly as sent; of a whole URL (`GET http://host/path`), what follows the authority.
    ///
    /// In that case the `Host` field among ``headers`` is the URL's, as RFC 9112, section 3.2.2, has it.
    package var target: String { self.head.uri }
    /// The header fields in the order sent.
    package var headers: HTTPHeaders { self.head.headers }
    /// The announced length of the body in bytes; `nil` when there is none or it is chunked.
    package var contentLength: Int? { self.framing.contentLength }
    /// Whether the body comes in chunks, its length unknown.
    package var isChunked: Bool { self.framing.isChunked }
    /// Whether the sender wants the connection to stay open.
    package var isKeepAlive: Bool { self.framing.keepsAlive }

    /// The target up to the first `?`, exactly as sent.
    ///
    /// O(length).
    package var path: Substring {
        let target = self.head.uri
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        return target[..<end]
    }

    /// The target after the first `?`, exactly as sent; `nil` without one.
    ///
    /// O(length).
    package var query: Substring? {
        let target = self.head.uri
        return target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[target.utf8.index(after: $0)...] }
    }
}
