/// How long a platform's sender repeats what we refuse, as its definition says.
package struct SenderPatience: Sendable, Equatable {
    /// From the first try to the last; zero for a sender that never repeats, `nil` when it is not known.
    package let retriesFor: Duration?
    /// Its schedule, in words.
    package let schedule: String?

    /// Joins the facts.
    package init(retriesFor: Duration?, schedule: String?) {
        self.retriesFor = retriesFor
        self.schedule = schedule
    }
}
