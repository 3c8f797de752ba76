/// A delivery that could not be normalized, and why.
package struct FailedDelivery: Sendable {
    package let content: DeliveryContent
    /// A code: `malformed_json`, `unknown_platform`.
    package let reason: String
    /// What a person needs to know besides the code.
    package let detail: String

    /// Joins the fields; text that PostgreSQL cannot hold (NUL) is replaced.
    package init(content: DeliveryContent, reason: String, detail: String) {
        self.content = content
        self.reason = reason
        self.detail = detail.utf8.contains(0) ? String(detail.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : detail
    }
}
