internal import Synchronization

/// A request to finish, and sleep that ends when it comes.
///
/// Any task may raise it, once and for all.
package final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var next = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Starts lowered.
    package init() {}

    /// Whether it was raised.
    package var isRaised: Bool { self.state.withLock { $0.isRaised } }

    /// Raises it and wakes all who sleep.
    package func raise() {
        let waiting = self.state.withLock { state in
            state.isRaised = true
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Sleeps for `duration`, or until the signal is raised or the task canceled.
    package func sleep(for duration: Duration) async {
        guard duration > .zero, !self.isRaised else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancellation only ends the sleep: whoever sleeps looks for it in its own loop.
                do { try await Task.sleep(for: duration) } catch { return }
            }
            group.addTask { await self.raised() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits until the signal is raised or the task canceled.
    package func raised() async {
        let ticket = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = self.state.withLock { state in
                    // The handler runs before or after this; under the lock, one of the two sees the other.
                    if state.isRaised || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let continuation = self.state.withLock { $0.waiting.removeValue(forKey: ticket) }
            continuation?.resume()
        }
    }
}
