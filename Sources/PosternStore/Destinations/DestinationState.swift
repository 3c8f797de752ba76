/// Whether a destination gets events.
package enum DestinationState: String, Sendable, CaseIterable {
    case enabled
    /// Nothing is sent and nothing is passed over: events wait in the log until it is resumed.
    case paused
    /// Nothing is sent, and the log does not wait for it: events older than the retention are lost to it.
    case disabled
}
