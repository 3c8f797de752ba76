internal import Glibc
internal import Synchronization

/// A dedicated operating-system thread for a loop that blocks, such as a writer's or a listener's.
///
/// The body decides when it ends; nothing stops it from outside. Dropping the last reference does not stop it either.
package final class ConnectionThread: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    private let state = Mutex<State>(.running([]))

    private init() {}

    /// Starts a thread that runs `body` to its end.
    ///
    /// - Parameters:
    ///   - name: shown by `ps -L` and debuggers; the first 15 bytes.
    ///   - body: may block; must not expect to be on a Swift task.
    /// - Returns: what ``join()`` waits with; dropping it is allowed.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> ConnectionThread {
        let thread = ConnectionThread()
        let entry = Entry(name: name, thread: thread, body: body)
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var identifier = pthread_t()
        let status = unsafe pthread_create(
            &identifier,
            &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Entry>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(entry).toOpaque()
        )
        precondition(status == 0, "thread \(name) not started: error \(status); raise the limit of threads")
        return thread
    }

    /// Waits until the body has returned.
    package func join() async {
        await withCheckedContinuation { continuation in
            let hasEnded = self.state.withLock { state in
                guard case .running(let waiting) = state else { return true }
                state = .running(waiting + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func end() {
        let waiting = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .running(let waiting) = state else { return [] }
            state = .ended
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// What the new thread needs to begin.
    private final class Entry: Sendable {
        let name: String
        let thread: ConnectionThread
        let body: @Sendable () -> Void

        init(name: String, thread: ConnectionThread, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.thread = thread
            self.body = body
        }

        func run() {
            self.showName()
            self.body()
            self.thread.end()
        }

        /// Names the thread for those who look from outside; only Linux's own file needs no GNU extension.
        private func showName() {
            let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            let bytes = Array(self.name.utf8.prefix(15))
            unsafe _ = write(file, bytes, bytes.count)
            close(file)
        }
    }
}
