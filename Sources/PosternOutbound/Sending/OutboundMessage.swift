/// One event on its way, for one attempt.
package struct OutboundMessage: Sendable {
    /// The event.
    package let event: CloudEvent
    /// Which attempt this is, from 1: the header field `postern-attempt`.
    package let attempt: Int
    /// What the platform sent; needed for ``PayloadForm/raw`` alone.
    package let original: OriginalRequest?
    /// Whether this is only to see what the destination says: the header field `postern-test`.
    package let isTest: Bool

    /// Joins the fields.
    package init(event: CloudEvent, attempt: Int, original: OriginalRequest? = nil, isTest: Bool = false) {
        self.event = event
        self.attempt = attempt
        self.original = original
        self.isTest = isTest
    }
}
