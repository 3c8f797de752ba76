/// Why it cannot be said what became of a row, though nothing says that it is lost.
package enum UnprovableReason: String, Sendable, CaseIterable {
    /// This program has no definition of the platform.
    case definitionUnknown = "definition_unknown"
    /// Another version of the platform's definition was at work since, which may have found other keys.
    case definitionChanged = "definition_changed"
    /// The days of events that could prove it were dropped by retention.
    case eventsDropped = "events_dropped"
}
