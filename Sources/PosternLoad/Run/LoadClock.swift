internal import Glibc
internal import NIOCore

/// The clocks of a run, in nanoseconds.
enum LoadClock {
    /// A steady clock, the event loops' own: what latencies and schedules are measured with.
    static func now() -> Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

    /// The same point of time for an event loop's timers.
    static func deadline(_ time: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(max(0, time))) }

    /// The processor time this program has used, its threads and the kernel's work for it included.
    static func processorTime() -> Int64 {
        var time = timespec()
        // CLOCK_PROCESS_CPUTIME_ID is the sum that getrusage gives, to the nanosecond; it exists on every Linux.
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
