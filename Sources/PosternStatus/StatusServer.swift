package import Logging
internal import NIOCore
internal import NIOHTTP1
package import NIOPosix
internal import PosternHTTP
internal import PosternTelemetry
internal import ServiceLifecycle

/// Serves `/health`, `/stats` and `/metrics` on a port of its own.
package struct StatusServer: Service {
    private let configuration: StatusConfiguration
    private let group: MultiThreadedEventLoopGroup
    private let source: any StatusSource
    private let logger: Logger

    /// Questions that may wait while others are answered; further ones are told to come back.
    private static let waitingLimit = 64

    /// Joins a source and a place to listen; ``run()`` listens.
    package init(
        configuration: StatusConfiguration,
        group: MultiThreadedEventLoopGroup,
        source: any StatusSource,
        logger: Logger
    ) {
        self.configuration = configuration
        self.group = group
        self.source = source
        self.logger = logger
    }

    /// Answers until the process shuts down.
    ///
    /// - Throws: ``PosternHTTP/HTTPServerError`` when it cannot listen.
    package func run() async throws {
        let (requests, continuation) = AsyncStream.makeStream(
            of: StatusRequest.self,
            bufferingPolicy: .bufferingOldest(Self.waitingLimit)
        )
        let server = try await HTTPServer.start(
            HTTPServerConfiguration(address: .tcp(host: self.configuration.host, port: self.configuration.port)),
            group: self.group,
            observer: SilentObserver()
        ) { _ in StatusResponder(requests: continuation) }
        self.logger.notice("status server listening", metadata: .keys([.address: "\(server.address)"]))
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await withDiscardingTaskGroup { group in
                    for await request in requests {
                        group.addTask { request.answer(await self.answer(request.subject)) }
                    }
                }
            } onCancel: {
                continuation.finish()
            }
        } onGracefulShutdown: {
            continuation.finish()
        }
        await server.shutdownGracefully(within: .seconds(1))
    }

    private func answer(_ subject: StatusRequest.Subject) async -> PreparedAnswer {
        switch subject {
        case .live, .ready, .health:
            let report = await self.source.health()
            let status: HTTPResponseStatus = report.state == .failing ? .serviceUnavailable : .ok
            return PreparedAnswer(status: status, body: ByteBuffer(bytes: report.json))
        case .stats:
            do {
                return PreparedAnswer(status: .ok, body: ByteBuffer(bytes: try await self.source.stats()))
            } catch {
                self.logger.warning("stats could not be read", metadata: .keys([.error: "\(error)"]))
                return PreparedAnswer(
                    status: .serviceUnavailable,
                    text: """
                        {"success":false,"message":"The figures cannot be read: the database does not answer.",\
                        "code":"database_unavailable","errors":[],"suggested_action":"See /health.","retry_after":5}
                        """,
                    fields: [("Retry-After", "5")]
                )
            }
        case .metrics:
            return PreparedAnswer(
                status: .ok,
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: ByteBuffer(bytes: self.source.metrics())
            )
        }
    }
}
