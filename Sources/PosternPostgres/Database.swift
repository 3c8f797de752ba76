package import Logging
internal import Synchronization

/// The asynchronous face of PostgreSQL: a fixed set of threads, each owning one ``Connection``.
///
/// A thread that loses its connection makes a new one in the background, with growing waits. Idle threads are parked in
/// `poll`, where they also notice a server that goes away. Call ``shutdown()`` at the end.
package final class Database: Sendable {
    private let crew: Crew
    private let threads: [ConnectionThread]

    /// Starts the threads; they connect in the background.
    ///
    /// - Parameters:
    ///   - configuration: how each thread connects; threads are named after its application.
    ///   - connections: how many threads, and so connections.
    ///   - queueLimit: how much work may wait for a thread; more is refused with
    ///     ``PostgresError/retry(sqlstate:message:)``.
    ///   - logger: hears of lost connections (`warning`) and new ones (`notice`).
    package init(
        _ configuration: ConnectionConfiguration,
        connections: Int,
        queueLimit: Int = 1024,
        logger: Logger
    ) {
        precondition(connections > 0 && queueLimit > 0, "\(connections) connections, queue of \(queueLimit)")
        let crew = Crew(configuration, size: connections, queueLimit: queueLimit, logger: logger)
        self.crew = crew
        let name = configuration.applicationName.prefix(9)
        self.threads =
            (0..<connections).map { index in
                ConnectionThread.start(name: "\(name)-\(index)") { crew.work(index) }
            } + [ConnectionThread.start(name: "\(name)-watch") { crew.watch() }]
    }

    deinit { self.crew.close() }

    /// How many threads have a connection at the moment.
    package var connectedCount: Int { self.crew.connectedCount }

    /// Runs `work` on a connection thread.
    ///
    /// A transaction that `work` leaves open is rolled back. Session-level `SET` and `LISTEN` outlive the work: use
    /// `SET LOCAL`. When the task is canceled, so is the statement, and ``PostgresError/deadline(_:)`` is thrown.
    ///
    /// - Parameters:
    ///   - limit: for waiting and work together.
    ///   - work: may block; runs at most once.
    /// - Returns: what `work` returned.
    /// - Throws: the work's error; ``PostgresError/unreachable(_:)`` when no connection came up in time or the database
    ///   was shut down; ``PostgresError/deadline(_:)`` when no connection was free in time;
    ///   ``PostgresError/retry(sqlstate:message:)`` with 53300 when the queue is full.
    package func run<Value: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable (inout Connection) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let deadline = Deadline(within: limit)
        let ticket = Ticket()
        let result: Result<Value, PostgresError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job(
                    deadline: deadline,
                    perform: { connection in
                        let result: Result<Value, PostgresError>
                        do throws(PostgresError) {
                            result = .success(try work(&connection))
                        } catch {
                            result = .failure(error)
                        }
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }
                )
                self.crew.submit(job, ticket)
            }
        } onCancel: {
            self.crew.cancel(ticket)
        }
        return try result.get()
    }

    /// Stops: running work finishes, waiting work fails with ``PostgresError/unreachable(_:)``, connections are closed.
    ///
    /// Returns when all threads have ended; running work is bounded by its own limit.
    package func shutdown() async {
        self.crew.close()
        for thread in self.threads { await thread.join() }
    }
}

/// Ties a call of ``Database/run(within:_:)`` to its job, for a cancellation that may come before the job exists.
final class Ticket: Sendable {
    /// What is known of the call.
    enum State {
        case unsubmitted
        case submitted(Job)
        case canceled
    }

    /// Guarded because tasks cancel from any thread.
    let state = Mutex<State>(.unsubmitted)
}
