package import Logging
internal import NIOCore
package import PosternPostgres
internal import PosternStore
package import PosternTelemetry

/// Takes batches from the queue, commits them, and tells the event loops.
///
/// One thread, one session, one writer number. When the session is lost, what was under way is answered as not
/// committed (the sender comes back, the consumer removes duplicates), and a new session gets a new number.
package final class WriterThread: Sendable {
    private let configuration: ConnectionConfiguration
    private let gateway: String
    private let queue: CommitQueue
    private let loops: LoopRegistry
    private let batchRows: Int
    private let commitTimeout: Duration
    private let metrics: GatewayMetrics
    private let logger: Logger

    /// Joins a queue and a database; ``run()`` does the work.
    ///
    /// - `gateway`: who we are, for the people who read `writers`.
    /// - `batchRows`: 1 to 256.
    /// - `commitTimeout`: how long one batch may take before its requests are answered 503.
    package init(
        configuration: ConnectionConfiguration,
        gateway: String,
        queue: CommitQueue,
        loops: LoopRegistry,
        batchRows: Int,
        commitTimeout: Duration,
        metrics: GatewayMetrics,
        logger: Logger
    ) {
        self.configuration = configuration
        self.gateway = gateway
        self.queue = queue
        self.loops = loops
        self.batchRows = batchRows
        self.commitTimeout = commitTimeout
        self.metrics = metrics
        self.logger = logger
    }

    /// Writes until the queue is closed and empty.
    ///
    /// Blocking: a thread of its own.
    package func run() {
        var backoff = Backoff()
        while true {
            do {
                try self.writeWithOneSession(&backoff)
                return
            } catch {
                let pause = backoff.next()
                self.logger.warning(
                    "writer lost its session",
                    metadata: .keys([.error: "\(error)", .retryAfter: "\(pause)"])
                )
                self.metrics.writerFailures.increment()
                if self.queue.isClosed { return }
                self.queue.sleep(atMost: pause)
                if self.queue.isClosed { return }
            }
        }
    }

    private func writeWithOneSession(_ backoff: inout Backoff) throws(PostgresError) {
        var session = try WriterSession(self.configuration, gateway: self.gateway)
        self.queue.writerBecameReady()
        self.logger.notice("writer ready", metadata: .keys([.writer: "\(session.writer)"]))
        do {
            while let batch = try self.queue.next(
                self.batchRows,
                whileIdle: { () throws(PostgresError) in try session.check() }
            ) {
                try self.commit(batch, &session)
                backoff.reset()
            }
        } catch {
            self.complete(self.queue.writerBecameUnready(), .notCommitted)
            throw error
        }
        try session.retire()
    }

    private func commit(_ batch: [Ticket], _ session: inout WriterSession) throws(PostgresError) {
        let started = ContinuousClock.now
        do {
            try session.commit(batch.map(\.row), within: self.commitTimeout) { index, send in
                let headers = batch[index].headers
                let body = batch[index].body
                send(headers.readableBytesSpan, body.readableBytesSpan)
            }
        } catch {
            self.metrics.commitFailures.increment()
            self.complete(batch, .notCommitted)
            throw error
        }
        self.metrics.observeCommit(rows: batch.count, duration: ContinuousClock.now - started)
        self.complete(batch, .committed)
    }

    /// One hop per event loop, however many of its requests were in the batch.
    private func complete(_ batch: [Ticket], _ outcome: CommitOutcome) {
        guard let first = batch.first else { return }
        if batch.allSatisfy({ ticket in ticket.loop == first.loop }) {
            self.loops.deliver(outcome, to: batch.map(\.slot), ofLoop: first.loop)
            return
        }
        for loop in 0..<self.loops.count {
            let slots = batch.compactMap { ticket in ticket.loop == loop ? ticket.slot : nil }
            if !slots.isEmpty { self.loops.deliver(outcome, to: slots, ofLoop: loop) }
        }
    }
}
