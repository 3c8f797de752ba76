internal import Glibc

/// A bell that one thread can wait for in `poll` and any thread can ring: a pipe.
///
/// Ringing never blocks and may be done from an event loop. Rings before a wait are kept; several count as one.
final class Wakeup: Sendable {
    /// The end to wait on.
    let descriptor: Int32
    private let bell: Int32

    /// Opens the pipe.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` when the process has no descriptors left.
    init() throws(PostgresError) {
        var ends: (Int32, Int32) = (-1, -1)
        let status = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe pipe($0) }
        }
        guard status == 0 else { throw .unreachable("no pipe: errno \(errno); raise the limit of open files") }
        for end in [ends.0, ends.1] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.descriptor = ends.0
        self.bell = ends.1
    }

    /// Ends the present or the next wait.
    func ring() {
        var byte: UInt8 = 1
        // A full pipe refuses the byte, and rings already.
        unsafe _ = write(self.bell, &byte, 1)
    }

    /// Forgets the rings so far; called by the thread that waits, before it looks at what the ring was about.
    func silence() {
        var bytes: UInt64 = 0
        while unsafe read(self.descriptor, &bytes, 8) > 0 {}
    }

    /// Waits for a ring and forgets it; `false` when the deadline passed first.
    func wait(until deadline: Deadline?) -> Bool {
        while true {
            switch Poll.wait(socket: -1, .none, wakeup: self.descriptor, until: deadline) {
            case .woken:
                self.silence()
                return true
            case .expired: return false
            case .readable, .writable: continue
            }
        }
    }

    deinit {
        close(self.descriptor)
        close(self.bell)
    }
}
