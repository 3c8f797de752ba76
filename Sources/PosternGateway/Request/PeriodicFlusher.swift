internal import ServiceLifecycle

/// Stores once a second what the event loops set aside, until told to stop.
protocol PeriodicFlusher: Service {
    /// Stores everything set aside so far.
    func flush() async
}

extension PeriodicFlusher {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
                await self.flush()
            }
        }
    }
}
