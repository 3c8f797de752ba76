/// How many dead letters a filter means.
package struct DeadLetterCounts: Sendable, Equatable {
    /// By state; a state without any is left out.
    package var byState: [DeadLetterState: Int64] = [:]
    /// Those of them whose replay is under way.
    package var replaying: Int64 = 0

    /// All of them.
    package var total: Int64 { self.byState.values.reduce(0, +) }

    /// Starts at nothing.
    package init() {}
}
