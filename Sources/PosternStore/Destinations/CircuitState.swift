/// Whether a destination that failed is left alone.
package enum CircuitState: String, Sendable, CaseIterable {
    case closed
    /// Nothing is sent until the time to probe.
    case open
    /// One event is on its way to find out whether the destination answers again.
    case halfOpen = "half_open"
}
