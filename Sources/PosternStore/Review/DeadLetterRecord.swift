package import PosternModel

/// A dead letter with all that is known of it.
package struct DeadLetterRecord: Sendable, Equatable {
    package let listing: DeadLetterListing
    /// What the reviewer wrote.
    package let note: String?
    package let reviewedBy: String?
    package let reviewedAt: Timestamp?
    /// The definition it failed with, or that made its event; `nil` when there was none.
    package let definitionVersion: Int32?
    /// Where its event stands in the lane.
    package let eventNumber: Int64?
    /// The event's attributes as CloudEvents has them, JSON; `nil` for a delivery that could not be normalized.
    package let attributes: [UInt8]?
    /// The lines `name: value` of the request, names in lower case; empty for an event.
    package let headers: [UInt8]
    /// What was to be normalized or delivered; replays do not change it.
    package let payload: [UInt8]
    /// What the newest replay was given in place of the payload.
    package let editedPayload: [UInt8]?
    /// The status of the destination's last answer.
    package let answerStatus: Int32?
    /// The beginning of the destination's last answer.
    package let answer: String?
    /// When the newest replay was asked for.
    package let replayedAt: Timestamp?
    /// New events that came of the replay that resolved it.
    package let replayedEvents: Int32?
    /// Events that came of it and were known already.
    package let replayedDuplicates: Int32?
    /// The job that acted on it last.
    package let job: JobID?
    /// What was tried, oldest first.
    package let attempts: [DeadLetterAttempt]
}
