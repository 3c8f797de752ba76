/// The events of one delivery.
package struct Normalized: Hashable, Sendable {
    /// The events in the order of the definition's rules and, within one rule, of the document; at least one.
    package let events: [NormalizedEvent]
    /// How many of them the definition does not know.
    package let unrecognized: Int
}
