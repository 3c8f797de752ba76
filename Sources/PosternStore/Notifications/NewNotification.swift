package import PosternModel

/// Something that administrators should know, as one look has found it.
///
/// Looks that find the same thing in the same hour make one notification.
package struct NewNotification: Sendable, Equatable {
    package let organization: OrganizationID
    package let kind: NotificationKind
    /// What it is about: a fingerprint, a destination, an endpoint, a secret.
    package let subject: String
    /// The hour it is told for: the one it happened in, or the one a lasting state began in, so that the state is told
    /// once.
    package let hour: Timestamp
    /// How often it came up in that hour.
    package let count: Int64
    /// For a person: what happened, to what, and what to do; nothing of what a platform sent.
    package let message: String

    /// Joins the fields; `time` may lie anywhere in its hour, and text that PostgreSQL cannot hold (NUL) is replaced.
    package init(
        organization: OrganizationID,
        kind: NotificationKind,
        subject: String,
        at time: Timestamp,
        count: Int64 = 1,
        message: String
    ) {
        self.organization = organization
        self.kind = kind
        self.subject = subject
        let remainder = time.seconds % 3600
        self.hour = Timestamp(seconds: time.seconds - (remainder < 0 ? remainder + 3600 : remainder))
        self.count = count
        self.message =
            message.utf8.contains(0) ? String(message.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : message
    }
}
