internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PosternPostgres
internal import ServiceLifecycle
internal import UnixSignals

/// Runs a process's services until a signal, and lets them finish.
enum ProcessRunner {
    /// Runs `services` together: SIGTERM and SIGINT end them gracefully, the first one that fails ends them all.
    static func run(
        _ services: [any Service],
        lifetime: LifetimeOptions,
        groups: [MultiThreadedEventLoopGroup],
        logger: Logger
    ) async throws {
        var all = services
        if lifetime.untilInputEnds {
            all.append(InputWatch())
            // Ctrl-C goes to the whole process group; it is for the supervisor to stop its children, in order.
            _ = signal(SIGINT, SIG_IGN)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: all.map { service in
                    .init(
                        service: service,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: lifetime.untilInputEnds ? [.sigterm] : [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            for group in groups { try? await group.shutdownGracefully() }
            throw CommandFailure(code: "process_failed", message: "\(error)")
        }
        // A loop group that does not end would only delay an exit that is due anyway.
        for group in groups { try? await group.shutdownGracefully() }
    }
}

/// Ends when standard input does.
private struct InputWatch: Service {
    func run() async throws {
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        _ = ConnectionThread.start(name: "input-watch") {
            while getchar() != EOF {}
            continuation.finish()
        }
        await cancelWhenGracefulShutdown {
            for await _ in ended {}
        }
    }
}
