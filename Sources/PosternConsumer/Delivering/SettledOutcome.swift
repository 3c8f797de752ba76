internal import PosternStore

/// What became of an event at its first attempt, to be stored together with the move of the cursor that passes it.
///
/// Not sooner: a row in the retry queue for an event that the cursor has not passed would be a second way to deliver it.
struct SettledOutcome {
    /// Its row in the retry queue.
    var retry: NewDeliveryRetry?
    /// Its dead letter.
    var deadLetter: NewDeliveryDeadLetter?
    /// The record of the attempt, if it failed.
    var attempt: NewAttempt?
    /// The event's announcement.
    var announcement: Announcement?

    /// How many bytes of foreign length it carries.
    var byteCount: Int { (self.retry?.content.byteCount ?? 0) + (self.deadLetter?.content.byteCount ?? 0) }
}
