package import NIOCore

/// What all connections of one event loop share.
///
/// Belongs to its event loop, from `init` on.
package final class LoopContext {
    /// The loop.
    package let eventLoop: any EventLoop
    let configuration: HTTPServerConfiguration
    let responder: any RequestResponder
    let observer: any HTTPServerObserver
    let ledger: ConnectionLedger
    /// The `Date` line of answers.
    var dateLine: DateLine
    /// The buffer answers are built in: reused when the socket took the last one at once, which is nearly always.
    var output = ByteBuffer()
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var drained: EventLoopPromise<Void>?
    /// Whether the server is shutting down: each connection closes after the request in progress.
    package private(set) var isDraining = false

    /// Makes what the connections of a loop share.
    ///
    /// Call it on that loop.
    package init(
        eventLoop: any EventLoop,
        configuration: HTTPServerConfiguration,
        responder: any RequestResponder,
        observer: any HTTPServerObserver,
        ledger: ConnectionLedger,
        dateLine: DateLine = DateLine()
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.responder = responder
        self.observer = observer
        self.ledger = ledger
        self.dateLine = dateLine
    }

    /// Connections open on this loop.
    package var connectionCount: Int { self.connections.count }

    /// Notes an open connection.
    func insert(_ connection: HTTPConnection) {
        self.connections[ObjectIdentifier(connection)] = connection
    }

    /// Forgets a connection that has closed.
    func remove(_ connection: HTTPConnection) {
        self.connections[ObjectIdentifier(connection)] = nil
        if self.connections.isEmpty, let drained = self.drained {
            self.drained = nil
            drained.succeed()
        }
    }

    /// Closes idle connections, lets the others finish, and closes what is left when `limit` has passed.
    ///
    /// - Returns: A future that succeeds when no connection is left.
    package func drain(within limit: TimeAmount) -> EventLoopFuture<Void> {
        self.isDraining = true
        if let drained = self.drained { return drained.futureResult }
        guard !self.connections.isEmpty else { return self.eventLoop.makeSucceededVoidFuture() }
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.drained = promise
        let deadline = self.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            for connection in Array(self.connections.values) { connection.closeNow(.shutdown) }
        }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        for connection in Array(self.connections.values) { connection.drain() }
        return promise.futureResult
    }
}
