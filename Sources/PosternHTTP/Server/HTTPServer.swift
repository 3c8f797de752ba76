internal import Glibc
package import NIOCore
internal import NIOPosix

/// An HTTP/1.1 server that knows no application: it takes connections, keeps their limits and deadlines, and hands
/// requests to one ``RequestResponder`` for each event loop.
///
/// A connection has two handlers: NIO's request decoder (in ``RequestDecoder``) and ``HTTPConnection``. That, with answers serialized
/// beforehand, costs 9.7 µs a request where NIO's usual server pipeline costs 12.7 (measured 2026-11-21).
package struct HTTPServer: Sendable {
    /// Where the server listens; the port is the one the system chose if it was asked to.
    package let address: ListenAddress
    /// How many files the process may have open, after the start has raised it as far as it may; `nil` when unknown.
    ///
    /// Too few for ``ConnectionLimits/connections`` means that further connections wait unaccepted instead of getting
    /// 503.
    package let openFiles: OpenFileLimit?
    private let listener: any Channel
    private let loops: [NIOLoopBound<LoopContext>]

    private init(
        address: ListenAddress,
        openFiles: OpenFileLimit?,
        listener: any Channel,
        loops: [NIOLoopBound<LoopContext>]
    ) {
        self.address = address
        self.openFiles = openFiles
        self.listener = listener
        self.loops = loops
    }

    /// Starts a server on all loops of a group, and raises the process's limit of open files (``openFiles``).
    ///
    /// - Parameters:
    ///   - configuration: Where to listen, limits and deadlines.
    ///   - group: The loops; the caller shuts them down, after the server.
    ///   - observer: Counts what happens on connections.
    ///   - responder: Makes the responder of one loop. Called on that loop, once.
    /// - Returns: The server, listening.
    /// - Throws: Why the address could not be listened on.
    package static func start(
        _ configuration: HTTPServerConfiguration,
        group: any EventLoopGroup,
        observer: any HTTPServerObserver = SilentObserver(),
        responder: @escaping @Sendable (any EventLoop) -> any RequestResponder
    ) async throws(HTTPServerError) -> HTTPServer {
        let ledger = ConnectionLedger(configuration.limits)
        let openFiles = OpenFileLimit.raise()
        do {
            var loops: [NIOLoopBound<LoopContext>] = []
            for eventLoop in Array(group.makeIterator()) {
                let made = eventLoop.submit {
                    let context = LoopContext(
                        eventLoop: eventLoop,
                        configuration: configuration,
                        responder: responder(eventLoop),
                        observer: observer,
                        ledger: ledger
                    )
                    return NIOLoopBound(context, eventLoop: eventLoop)
                }
                loops.append(try await made.get())
            }
            let listener = try await Self.bind(configuration, group: group, loops: loops)
            let address = ListenAddress(listener.localAddress) ?? configuration.address
            return HTTPServer(address: address, openFiles: openFiles, listener: listener, loops: loops)
        } catch {
            throw HTTPServerError(error, address: configuration.address)
        }
    }

    /// Stops taking connections, closes idle ones, and lets requests in progress finish with `Connection: close`.
    ///
    /// Returns when no connection is left; those that are when `limit` has passed are closed.
    package func shutdownGracefully(within limit: Duration) async {
        // Closing fails only when the listener is closed already, and then this has nothing to add.
        try? await self.listener.close().get()
        let amount = TimeAmount(limit)
        let drains = self.loops.map { loop in
            loop.eventLoop.flatSubmit { loop.value.drain(within: amount) }
        }
        for drain in drains {
            // The futures cannot fail; they end when the connections have.
            try? await drain.get()
        }
    }

    private static func bootstrap(
        _ configuration: HTTPServerConfiguration,
        group: any EventLoopGroup,
        loops: [NIOLoopBound<LoopContext>]
    ) -> ServerBootstrap {
        let byLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let isTCP = configuration.address.port != nil
        let waterMark = max(1, configuration.limits.unwrittenAnswerBytes)
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Out of file descriptors: wait a second instead of trying without end.
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // Each connection keeps the buffer it read into: a small one at first, larger ones where requests are.
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 65_536)
            )
            .childChannelOption(.writeBufferWaterMark, value: .init(low: max(1, waterMark / 2), high: waterMark))
            .childChannelInitializer { channel in
                guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)] else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
                }
                return channel.eventLoop.makeCompletedFuture { try loop.value.serve(channel) }
            }
        if isTCP {
            bootstrap =
                bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            if configuration.sharesPort {
                bootstrap = bootstrap.serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            }
        }
        return bootstrap
    }

    private static func bind(
        _ configuration: HTTPServerConfiguration,
        group: any EventLoopGroup,
        loops: [NIOLoopBound<LoopContext>]
    ) async throws -> any Channel {
        let bootstrap = Self.bootstrap(configuration, group: group, loops: loops)
        switch configuration.address {
        case .tcp(let host, let port): return try await bootstrap.bind(host: host, port: port).get()
        case .unix(let path):
            do {
                return try await bootstrap.bind(unixDomainSocketPath: path).get()
            } catch {
                // A socket file outlives a killed server: it is replaced, but only if nobody listens on it.
                guard HTTPServerError(error, address: configuration.address) == .addressInUse(configuration.address),
                    await !Self.isListening(path, group: group)
                else { throw error }
                return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            }
        }
    }

    private static func isListening(_ path: String, group: any EventLoopGroup) async -> Bool {
        do {
            let probe = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
            probe.close(promise: nil)
            return true
        } catch {
            return false
        }
    }
}
