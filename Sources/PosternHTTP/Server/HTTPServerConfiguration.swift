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

    /// Makes the configuration of a server with default limits.
    package init(address: ListenAddress) { self.address = address }
}
