/// What a call to `migrate` did.
package struct MigrationReport: Sendable, Equatable {
    /// The migrations this call ran, in order; empty when another process was first or nothing was pending.
    package let applied: [Migration]
    /// How many lanes there are now.
    package let lanes: Int64
    /// Whether this call made them.
    package let madeLanes: Bool

    /// Joins the values.
    package init(applied: [Migration], lanes: Int64, madeLanes: Bool) {
        self.applied = applied
        self.lanes = lanes
        self.madeLanes = madeLanes
    }
}
