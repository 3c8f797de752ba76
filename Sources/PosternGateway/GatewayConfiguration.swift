package import PosternHTTP
package import PosternRedis

/// Everything a gateway can be told before it starts.
package struct GatewayConfiguration: Sendable {
    /// The libpq connection string or URI of PostgreSQL, as role `postern_gateway`.
    package var database: String
    /// Where to listen, limits and deadlines of connections.
    package var server: HTTPServerConfiguration
    /// Who this process is, for the people who read `writers`: host and process number.
    package var identity = "gateway"
    /// Scheme, host and port as platforms see them: `https://hooks.example.com`.
    ///
    /// Platforms that sign the URL need it; without it the `Host` field is believed.
    package var publicOrigin: String?
    /// Event loops, 1 to 64.
    package var loops = 1
    /// Writer threads, each with a session of its own, 1 to 8.
    ///
    /// One was best on two cores.
    package var writers = 1
    /// Deliveries one commit carries at most, 1 to 256.
    package var batchRows = 256
    /// Deliveries that may wait for their commit; further ones get 503.
    package var queueRows = 16_384
    /// Bytes that may wait for their commit; further ones get 503.
    package var queueBytes = 64 << 20
    /// Bytes of bodies that may be in memory, being received or waiting for their commit; further requests get 503.
    package var heldBytes = 64 << 20
    /// Through which Redis or Valkey limits are shared with other gateways; `nil` for PostgreSQL.
    package var redis: RedisAddress?
    /// How long one commit may take before its requests get 503.
    package var commitTimeout: Duration = .seconds(10)
    /// How often the endpoints are read again even if no notification came.
    package var directoryPoll: Duration = .seconds(30)
    /// How long requests in progress may take after the gateway was told to stop.
    package var shutdownLimit: Duration = .seconds(20)

    /// Sets what has no default.
    package init(database: String, address: ListenAddress) {
        self.database = database
        self.server = HTTPServerConfiguration(address: address)
        self.server.sharesPort = true
    }
}
