/// One message of `NOTIFY`.
package struct Notification: Equatable, Sendable {
    /// The channel it was sent to.
    package let channel: String
    /// What was sent with it, empty when nothing was.
    package let payload: String

    /// Joins the two.
    package init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }
}
