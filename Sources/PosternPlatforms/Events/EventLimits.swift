/// How much one delivery may become.
package struct EventLimits: Hashable, Sendable {
    /// The most events.
    package let events: Int
    /// The most bytes of data in all events together.
    package let dataBytes: Int

    /// The limits used where nothing else is said: 10,000 events, 64 MiB.
    package static let standard = EventLimits()

    /// Sets the limits.
    package init(events: Int = 10_000, dataBytes: Int = 64 << 20) {
        self.events = events
        self.dataBytes = dataBytes
    }
}
