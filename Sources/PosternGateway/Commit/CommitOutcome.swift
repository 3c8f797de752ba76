/// What became of a delivery that was handed to a writer.
package enum CommitOutcome: Sendable, Equatable {
    /// PostgreSQL confirmed the commit.
    case committed
    /// It is not stored, or nobody knows whether it is: the sender must try again.
    case notCommitted
}
