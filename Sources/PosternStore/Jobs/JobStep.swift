/// What one step of a job has done, in the transaction that will say so.
package struct JobStep: Sendable {
    /// How the job goes on.
    package enum End: Sendable, Equatable {
        /// There may be more.
        case more
        /// The plan is done.
        case finished
        /// It cannot be done, however often it is tried.
        case failed(String)
    }

    /// Behind the last item that was looked at; `nil` leaves it.
    package var position: String?
    /// How many items were looked at.
    package var done: Int64
    /// What was counted, by name.
    package var counts: [String: Int64]
    package var end: End

    /// Joins the fields.
    package init(position: String?, done: Int64, counts: [String: Int64] = [:], end: End = .more) {
        self.position = position
        self.done = done
        self.counts = counts
        self.end = end
    }

    /// Nothing was left to look at.
    package static let finished = JobStep(position: nil, done: 0, end: .finished)

    /// It cannot be done.
    package static func failed(_ reason: String) -> JobStep { JobStep(position: nil, done: 0, end: .failed(reason)) }
}
