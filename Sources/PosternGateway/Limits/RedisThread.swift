internal import PosternPostgres
package import PosternRedis

/// One thread that owns one connection to Redis, and makes a new one when it is lost.
///
/// While there is no connection, work is refused at once instead of waiting: whoever asks has another way.
package final class RedisThread: Sendable {
    private let worker: RedisWorker
    private let thread: ConnectionThread

    /// Starts the thread, which connects by itself.
    ///
    /// - Parameters:
    ///   - address: where Redis is.
    ///   - connectLimit: how long one attempt to connect may take.
    package init(_ address: RedisAddress, connectLimit: Duration = .seconds(1)) {
        let bell: WaitingBell
        do throws(PostgresError) {
            bell = try WaitingBell()
        } catch {
            preconditionFailure("a connection to Redis: \(error)")
        }
        let worker = RedisWorker(address, connectLimit: connectLimit, bell: bell)
        self.worker = worker
        self.thread = ConnectionThread.start(name: "redis-shares") { worker.work() }
    }

    deinit { self.worker.close() }

    /// Whether there is a connection now.
    package var isConnected: Bool { self.worker.isConnected }

    /// Runs work on the thread, once at most.
    ///
    /// Work that throws loses the connection: a new one may reach a server that is not what refused.
    ///
    /// - Parameters:
    ///   - limit: for waiting and work together; the work keeps to it by itself.
    ///   - work: may block.
    /// - Returns: what the work gave.
    /// - Throws: the work's error; why there is no connection.
    package func run<Value: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable (inout RedisConnection) throws(RedisError) -> Value
    ) async throws(RedisError) -> Value {
        let end = ContinuousClock.now.advanced(by: limit)
        let result: Result<Value, RedisError> = await withCheckedContinuation { continuation in
            let job = RedisWorker.Job(
                end: end,
                perform: { connection in
                    do throws(RedisError) {
                        let value = try work(&connection)
                        return (true, { continuation.resume(returning: .success(value)) })
                    } catch {
                        return (false, { continuation.resume(returning: .failure(error)) })
                    }
                },
                fail: { error in continuation.resume(returning: .failure(error)) }
            )
            self.worker.submit(job)
        }
        return try result.get()
    }

    /// Stops: work in progress finishes, the connection is closed.
    ///
    /// Returns when the thread has ended.
    package func shutdown() async {
        self.worker.close()
        await self.thread.join()
    }
}
