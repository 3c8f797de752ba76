internal import Glibc

/// The one place that waits: `poll(2)` over a connection's socket and its wake-up pipe.
enum Poll {
    /// What ended a wait.
    enum Outcome {
        /// The socket can be read or has failed; reading tells which.
        case readable
        /// The socket can be written, and nothing is there to read.
        case writable
        /// Somebody rang.
        case woken
        /// The deadline passed.
        case expired
    }

    /// What to wait for at the socket.
    enum Interest {
        case read
        case readOrWrite
        /// Nothing: only the wake-up and the deadline end the wait.
        case none
    }

    /// Waits for a socket, a wake-up or the deadline, whichever is first; `nil` waits for as long as it takes.
    ///
    /// The wake-up is reported first when several are ready at once. EINTR is retried.
    static func wait(
        socket: Int32,
        _ interest: Interest,
        wakeup: Int32,
        until deadline: Deadline?
    ) -> Outcome {
        while true {
            let events: Int32 =
                switch interest {
                case .read: POLLIN
                case .readOrWrite: POLLIN | POLLOUT
                case .none: 0
                }
            // A negative descriptor is skipped by poll, which is how "nothing to wait for" is said.
            var set = (
                pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interest == .none ? -1 : socket, events: Int16(events), revents: 0)
            )
            let timeout = deadline?.remainingMilliseconds ?? -1
            let count = unsafe withUnsafeMutablePointer(to: &set) { pointer in
                unsafe pointer.withMemoryRebound(to: pollfd.self, capacity: 2) { unsafe poll($0, 2, timeout) }
            }
            if count < 0 {
                precondition(errno == EINTR || errno == EAGAIN || errno == ENOMEM, "poll: errno \(errno)")
                continue
            }
            if set.0.revents != 0 { return .woken }
            if set.1.revents & Int16(POLLOUT) == set.1.revents, set.1.revents != 0 { return .writable }
            if set.1.revents != 0 { return .readable }
            // poll takes at most 24 days at a time.
            if let deadline, deadline.hasPassed { return .expired }
        }
    }
}
