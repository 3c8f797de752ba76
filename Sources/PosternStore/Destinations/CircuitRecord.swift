package import PosternModel

/// The circuit of one destination, as all consumers agree on it.
package struct CircuitRecord: Sendable, Equatable {
    package let state: CircuitState
    /// What opened it: the class of the failures.
    package let reason: String?
    /// When the state changed last; `nil` for never.
    package let changedAt: Timestamp?
    /// When an open circuit is to be probed, or when the probe of a half-open one counts as failed.
    package let until: Timestamp?
    /// How often it opened in a row, without one success between.
    package let openings: Int32

    /// A circuit that has never opened.
    package static let closed = CircuitRecord()

    /// Joins the values.
    package init(
        state: CircuitState = .closed,
        reason: String? = nil,
        changedAt: Timestamp? = nil,
        until: Timestamp? = nil,
        openings: Int32 = 0
    ) {
        self.state = state
        self.reason = reason
        self.changedAt = changedAt
        self.until = until
        self.openings = openings
    }
}
