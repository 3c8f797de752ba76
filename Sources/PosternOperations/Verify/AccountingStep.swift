package import PosternStore

/// How far the accounting is.
package enum AccountingStep: Sendable {
    /// The numbers of a day's events are read.
    case events(AccountedDay)
    /// A day's deliveries are counted.
    case counting(AccountedDay)
    /// A day's deliveries without events are looked at; so many have been.
    case explaining(AccountedDay, rows: Int)
    /// The books of destinations are compared; so many have been.
    case destinations(rows: Int)
    /// The retry queue and the dead letters are looked through.
    case queues
}
