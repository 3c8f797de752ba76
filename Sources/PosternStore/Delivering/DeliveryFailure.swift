/// Why an attempt at a destination failed.
package struct DeliveryFailure: Sendable, Equatable {
    /// The longest answer that is kept, in bytes.
    package static let answerBytes = 4096

    /// A code: `http_5xx`, `timeout`.
    package let reason: String
    /// What a person needs to know besides the code.
    package let detail: String
    /// The HTTP status of the destination's last answer.
    package let status: Int32?
    /// The beginning of that answer.
    package let answer: String?

    /// Joins the fields; text that PostgreSQL cannot hold (NUL) is replaced, and a long answer cut.
    package init(reason: String, detail: String, status: Int32? = nil, answer: String? = nil) {
        self.reason = reason
        self.detail = StorableText.of(detail)
        self.status = status
        self.answer = answer.map { StorableText.of($0, atMost: Self.answerBytes) }
    }
}
