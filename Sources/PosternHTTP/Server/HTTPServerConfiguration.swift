/// Everything a server can be told before it starts.
package struct HTTPServerConfiguration: Equatable, Sendable {
    /// Where to listen.
    package var address: ListenAddress
    /// Connections the kernel holds that were not accepted yet.
    package var backlog: Int32 = 1024
    /// Whether another process may listen on the same port at the same time (`SO_REUSEPORT`); never for unix sockets.
    package var sharesPort = false
    /// How much connections and requests may take.
    package var limits = ConnectionLimits()
    /// How long connections and requests may take.
    package var deadlines = ConnectionDeadlines()

    /// The networks of proxies whose word about where requests come from counts; empty without a proxy.
    ///
    /// Their own connections are not counted by address.
    package var trustedProxies = NetworkSet()
    /// The field in which trusted proxies say for whom they forward.
    package var forwardedField = ForwardedField.xForwardedFor
    /// Whether connections of trusted proxies begin with a PROXY header (version 1 or 2).
    ///
    /// Then they must; connections of others are never looked at for one.
    package var proxyProtocol = false

    /// Makes the configuration of a server with default limits.
    package init(address: ListenAddress) { self.address = address }
}
