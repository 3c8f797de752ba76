internal import Glibc

/// The processor time this program has used.
enum ProcessorTime {
    /// All threads', the kernel's work for them included.
    static func nanoseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
