internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// A notification in the form that an alert destination takes.
struct AlertBody {
    /// JSON, in UTF-8.
    let bytes: [UInt8]

    static let contentType = "application/json"

    /// Writes a notification as a destination of this form wants it; one that is none of alerts gets the object.
    init(_ notification: StoredNotification, form: DestinationForm) {
        var writer = JSONWriter()
        writer.beginObject()
        switch form {
        case .slack: writer.member("text", string: Self.slackText(notification))
        case .json, .structured, .binary, .raw:
            writer.member("kind", string: notification.kind)
            writer.member("organization", string: notification.organization.description)
            writer.member("organization_name", string: notification.organizationName)
            writer.member("subject", string: notification.subject)
            writer.member("hour", string: notification.hour.description)
            writer.member("count", integer: notification.count)
            writer.member("message", string: notification.message)
            writer.member("created_at", string: notification.createdAt.description)
        }
        writer.endObject()
        self.bytes = writer.bytes
    }

    /// One line; the three characters that Slack reads as markup are escaped, so that no name becomes a link.
    ///
    /// Source: Slack, "Formatting text for app surfaces", section "Escaping text" (read 2026-11-21).
    private static func slackText(_ notification: StoredNotification) -> String {
        let count = notification.count > 1 ? " (\(notification.count) times)" : ""
        var text = ""
        for character in "[\(notification.organizationName)] \(notification.message)\(count)" {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            default: text.append(character)
            }
        }
        return text
    }
}
