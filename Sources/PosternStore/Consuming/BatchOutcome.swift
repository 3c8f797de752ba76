/// How the writing of a batch ended, when the database did what it was asked.
package enum BatchOutcome: Sendable {
    /// All of it is committed.
    case stored(BatchReceipt)
    /// Nothing is stored: these lanes are not ours any more, or another batch of ours was here.
    case leaseLost([LeasedLane])
    /// Nothing is stored: a cursor or a retry was not where the batch had found it.
    case moved
}
