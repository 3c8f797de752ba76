/// How the writing of a settlement ended, when the database did what it was asked.
package enum SettlementOutcome: Sendable, Equatable {
    /// All of it is committed.
    case stored
    /// Nothing is stored: a lane is not ours any more, or a cursor or a retry was not where it had been found.
    case moved
}
