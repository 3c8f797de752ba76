package import PosternModel

/// One event as Postern stores and delivers it.
package struct NormalizedEvent: Hashable, Sendable {
    /// Where an event's key comes from: how far it can be trusted to be the same when the event comes again.
    package enum KeySource: String, Hashable, Sendable {
        /// From the event itself: the same in whatever delivery it comes.
        case event
        /// The sender's id of the delivery and the event's position: the same when the sender retries.
        case delivery
        /// The hash of the body and the event's position: the same when identical bytes come again.
        case body
        /// Postern's own id of the delivery and the event's position: never the same again, as `unique: true` wants.
        case stored
    }

    /// What happened, in the platform's words: `page.feed.comment.add`.
    package let type: String
    /// What makes the event the same as another, within its endpoint.
    package let key: String
    /// Where the key comes from.
    package let keySource: KeySource
    /// Whose event it is, on the platform.
    package let account: String?
    /// What the event is about, on the platform.
    package let subject: String?
    /// When it happened, as the platform says.
    package let time: Timestamp?
    /// The event's own part of the body: the exact bytes of one JSON value, but for masked secrets.
    package let data: [UInt8]
    /// Whether the definition knows this kind of event.
    package let recognized: Bool
    /// The position among all events of the delivery, from 0.
    package let index: Int
}
