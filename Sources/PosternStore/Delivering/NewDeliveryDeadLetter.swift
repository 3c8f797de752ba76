package import PosternModel

/// An event for the dead letters.
///
/// Not for one that replays a dead letter: that one is opened again (``RetryEnd/How/buried(_:)``).
package struct NewDeliveryDeadLetter: Sendable, Equatable {
    package let content: OutgoingEvent
    /// The event's type.
    package let type: String
    /// Which version of the platform definition made the event.
    package let definitionVersion: Int32
    /// How often it was tried, at least 1.
    package let attempts: Int32
    package let failure: DeliveryFailure
    /// The job whose replay failed; letters of replays are not among the destination's counters.
    package let job: JobID?

    /// Joins the fields.
    package init(
        content: OutgoingEvent,
        type: String,
        definitionVersion: Int32,
        attempts: Int32,
        failure: DeliveryFailure,
        job: JobID? = nil
    ) {
        self.content = content
        // What the table holds of it, counted as PostgreSQL counts characters.
        self.type = String(String.UnicodeScalarView(type.unicodeScalars.prefix(200)))
        self.definitionVersion = definitionVersion
        self.attempts = attempts
        self.failure = failure
        self.job = job
    }
}
