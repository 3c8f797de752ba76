/// The times of a run, in nanoseconds of ``LoadClock``.
package struct RunWindow: Sendable {
    /// Requests are sent from here on.
    package let begin: Int64
    /// Requests that are due from here on are measured.
    package let measure: Int64
    /// Nothing is due any more; far away when the number of requests decides.
    package let end: Int64

    /// Lays out a run that begins at `begin`.
    package init(_ settings: LoadSettings, begin: Int64) {
        self.begin = begin
        self.measure = begin + Int64(settings.warmupSeconds * 1e9)
        switch settings.length {
        case .seconds(let seconds): self.end = self.measure + Int64(seconds * 1e9)
        case .requests: self.end = .max
        }
    }

    /// Whether a request that was due at that time belongs into the figures.
    package func isMeasured(_ due: Int64) -> Bool { due >= self.measure }
}
