package import PosternModel

/// A row of the retry queue whose time has come.
package struct DueRetry: Sendable {
    /// The row's own identifier.
    package let id: UniqueID
    /// Which retry is due, counted from 1.
    package let attempt: Int32
    package let content: DeliveryContent
    /// The dead letter it is a replay of.
    package let deadLetter: DeadLetterID?
    /// The job that asked for it.
    package let job: JobID?

    /// Joins the fields.
    package init(
        id: UniqueID,
        attempt: Int32,
        content: DeliveryContent,
        deadLetter: DeadLetterID? = nil,
        job: JobID? = nil
    ) {
        self.id = id
        self.attempt = attempt
        self.content = content
        self.deadLetter = deadLetter
        self.job = job
    }

    /// Whether somebody asked for it: the delivery was counted before, when it came.
    package var isReplay: Bool { self.deadLetter != nil || self.job != nil }
}
