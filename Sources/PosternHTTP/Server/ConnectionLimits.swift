/// How much one server, one address and one request may take.
package struct ConnectionLimits: Equatable, Sendable {
    /// Connections open at once; further ones get 503.
    ///
    /// Ten thousand idle ones fit. Each is an open file: see ``OpenFileLimit``.
    package var connections = 16_384
    /// Connections open at once from one IPv4 address or IPv6 /64; further ones get 429.
    ///
    /// Trusted proxies are not counted, and those they name in a PROXY header are; `nil` behind a proxy that is not
    /// declared in ``HTTPServerConfiguration/trustedProxies``.
    package var connectionsPerAddress: Int? = 1024
    /// Bytes of all header fields of a request, line ends included; more get 431.
    package var headerBytes = 16_384
    /// Number of header fields of a request; more get 431.
    package var headerCount = 100
    /// Bytes of a request target; more get 414.
    package var targetBytes = 8192
    /// Requests of one connection that may wait for the one in progress; after them the connection closes.
    package var pipelinedRequests = 128
    /// Bytes of a body nobody wants any more that are read and dropped to keep the connection; for more it closes.
    package var discardedBodyBytes = 65_536
    /// Answer bytes that may wait for a slow reader before no further request of its connection is begun.
    package var unwrittenAnswerBytes = 65_536

    /// Makes the default limits.
    package init() {}
}
