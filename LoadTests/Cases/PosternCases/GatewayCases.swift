internal import Logging
internal import NIOCore
internal import NIOEmbedded
internal import PosternGateway
internal import PosternHTTP
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore
internal import PosternTelemetry

/// A request's whole way through the gateway, but for the socket and PostgreSQL: read, routed, limited, verified, queued,
/// taken, and answered.
enum GatewayCases {
    private struct Way {
        let name: String
        let connections: Int
        let bytes: Int
        var limit = ConfiguredLimit(requestsPerMinute: 100_000_000)
        var isForged = false

        init(_ name: String, connections: Int = 64, bytes: Int = 1024) {
            self.name = name
            self.connections = connections
            self.bytes = bytes
        }
    }

    private static let ways: [Way] = {
        var over = Way("gateway/over the limit")
        over.limit = ConfiguredLimit(requestsPerMinute: 1)
        return [
            Way("gateway/1 connection", connections: 1), Way("gateway/64 connections"),
            Way("gateway/64 connections, 16 KiB", bytes: 16_384), over,
        ]
    }()

    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        Self.ways.map { way in MeasuredCase(way.name) { () throws(CaseFailure) in try Self.work(way) } }
    }

    private static func work(_ way: Way) throws(CaseFailure) -> MeasuredCase.Work {
        // The gateway reads the clock; GitHub signs no time.
        let request = try PlatformRequest(try PlatformRequest.name("github"), bytes: way.bytes)
        let catalog = try PlatformRequest.catalog()
        let contents = try LimitedEndpoints(organizations: 1, limit: way.limit, request: request).contents
        let metrics = GatewayMetrics(factory: PrometheusRegistry(), platforms: catalog.all.map(\.name))
        let limits = LimitBook { Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }
        let logger = Logger(label: "measured") { _ in SwiftLogNoOpLogHandler() }
        let compiler = DirectoryCompiler(catalog: catalog, metrics: metrics, limits: limits, logger: logger)
        let directory = compiler.directory(contents, replacing: .empty)
        let status: Character = way.limit.requestsPerMinute == 1 ? "4" : "2"
        if status == "4", let budgets = limits.budgets(of: contents.endpoints[0].id) {
            // What fits for a minute is taken now; the rest is refused, for as long as a measurement takes.
            for _ in 0..<2 { _ = budgets.organization.take(now: Int64(NIODeadline.now().uptimeNanoseconds)) }
        }
        let wire = request.wire
        return { (count: Int) throws(CaseFailure) in
            let queue = CommitQueue(rowLimit: 4096, byteLimit: 256 << 20)
            queue.writerBecameReady()
            let waiting = WaitingRequests()
            let responder = GatewayResponder(
                loop: 0,
                queue: queue,
                waiting: waiting,
                limits: limits,
                held: HeldBytes(limit: 256 << 20),
                quarantine: QuarantineBuffer(),
                metrics: metrics,
                lookups: EndpointLookups(),
                publicOrigin: PlatformRequest.origin,
                logger: logger
            )
            responder.adopt(directory)
            let loop = EmbeddedEventLoop()
            let (context, ledger) = CaseConnection.context(responder, on: loop)
            var connections: [CaseConnection] = []
            for _ in 0..<way.connections { connections.append(try CaseConnection(context, on: loop, ledger)) }
            var done = 0
            while done < count {
                let round = min(way.connections, count - done)
                for connection in connections.prefix(round) { try connection.receive(wire) }
                if status == "2" {
                    for ticket in queue.next(256, whileIdle: { () throws(Never) in }) ?? [] {
                        waiting.finish(ticket.slot, .committed)
                    }
                }
                for connection in connections.prefix(round) { try connection.expect(status) }
                done += round
            }
        }
    }
}
