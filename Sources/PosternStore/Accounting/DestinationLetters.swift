/// The dead letters of one destination in one lane.
///
/// A cursor counts each of its events that became one. Replays of events by jobs are not counted, so their letters are
/// told apart, as far as the letters themselves say so, and left out of what follows ``replaying``.
package struct DestinationLetters: Sendable, Equatable {
    /// Whatever their state and wherever they come from.
    package let all: Int64
    /// Those that neither a job nor a replay has touched: none of them can come of a replay by a job.
    package let ofCursors: Int64
    /// Those that a replay of events by a job has made.
    package let ofReplays: Int64
    /// Of those counted: under replay.
    package let replaying: Int64
    /// Of those counted: open or acknowledged.
    package let unsettled: Int64
    /// Of those counted: discarded.
    package let discarded: Int64
    /// Of those counted: delivered by a replay.
    package let resolved: Int64
}
