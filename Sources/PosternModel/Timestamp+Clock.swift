internal import Glibc

extension Timestamp {
    /// Reads the system's wall clock.
    package static func now() -> Timestamp {
        var time = timespec()
        // CLOCK_REALTIME exists everywhere Postern runs, so the result needs no check.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
