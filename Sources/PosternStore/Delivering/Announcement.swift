package import PosternModel

/// An event to be announced on a channel of the database (NOTIFY): listeners get its identifier.
package struct Announcement: Sendable, Equatable {
    /// 1 to 63 bytes.
    package let channel: String
    package let event: EventID

    /// Joins the fields.
    package init(channel: String, event: EventID) {
        self.channel = channel
        self.event = event
    }
}
