package import PosternModel

/// Where a database stands against the migrations of this program.
package struct MigrationStatus: Sendable, Equatable {
    /// A migration the database has.
    package struct Applied: Sendable, Equatable {
        package let number: Int32
        package let name: String
        package let at: Timestamp
    }

    /// In order; empty for a database without the schema.
    package let applied: [Applied]
    /// What `migrate` would run, in order.
    package let pending: [Migration]
    /// How many lanes there are; 0 before the first migration.
    package let lanes: Int64

    /// Whether nothing is left to run.
    package var isCurrent: Bool { self.pending.isEmpty && self.lanes > 0 }
    /// The number of the last migration applied; 0 when there is none.
    package var version: Int32 { self.applied.last?.number ?? 0 }
}
