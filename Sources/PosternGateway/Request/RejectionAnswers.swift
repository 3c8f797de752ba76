internal import NIOHTTP1
package import PosternHTTP
package import PosternPlatforms

/// The answers for all rejections, serialized once, worded for one platform's sender.
package struct RejectionAnswers: Sendable {
    private let answers: [PreparedAnswer]

    /// Serializes the catalogue.
    ///
    /// - Parameter action: what the platform's sender does after a status, `nil` when unknown.
    package init(action: (Int) -> SenderAction? = { _ in nil }) {
        self.answers = Rejection.allCases.map { rejection in Self.answer(for: rejection, action: action) }
    }

    /// The answer for `rejection`.
    package subscript(rejection: Rejection) -> PreparedAnswer { self.answers[Int(rejection.rawValue)] }

    private static func answer(for rejection: Rejection, action: (Int) -> SenderAction?) -> PreparedAnswer {
        let status = rejection.status(action: action)
        var fields: [(name: String, value: String)] = []
        if let seconds = rejection.retryAfterSeconds { fields.append(("Retry-After", String(seconds))) }
        if rejection == .methodNotAllowed { fields.append(("Allow", "GET, POST")) }
        return PreparedAnswer(
            status: HTTPResponseStatus(statusCode: status),
            text: RejectionBody.text(rejection, retryAfterSeconds: rejection.retryAfterSeconds),
            fields: fields
        )
    }
}
