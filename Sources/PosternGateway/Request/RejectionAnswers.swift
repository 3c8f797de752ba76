internal import NIOHTTP1
package import PosternHTTP
internal import PosternJSON

/// The answers for all rejections, serialized once, worded for one platform's sender.
package struct RejectionAnswers: Sendable {
    private let answers: [PreparedAnswer]

    /// Serializes the catalogue.
    ///
    /// - Parameter isSafe: whether the platform's sender takes a status without disabling the URL for it.
    package init(isSafe: (Int) -> Bool = { _ in true }) {
        self.answers = Rejection.allCases.map { rejection in Self.answer(for: rejection, isSafe: isSafe) }
    }

    /// The answer for `rejection`.
    package subscript(rejection: Rejection) -> PreparedAnswer { self.answers[Int(rejection.rawValue)] }

    private static func answer(for rejection: Rejection, isSafe: (Int) -> Bool) -> PreparedAnswer {
        let status = rejection.statuses.first(where: isSafe) ?? rejection.statuses[rejection.statuses.count - 1]
        var body = JSONWriter()
        body.beginObject()
        body.member("success", boolean: false)
        body.member("message", string: rejection.message)
        body.member("code", string: rejection.code)
        body.name("errors")
        body.beginArray()
        body.endArray()
        body.member("suggested_action", string: rejection.suggestedAction)
        var fields: [(name: String, value: String)] = []
        if let seconds = rejection.retryAfterSeconds {
            body.member("retry_after", integer: Int64(seconds))
            fields.append(("Retry-After", String(seconds)))
        }
        if rejection == .methodNotAllowed { fields.append(("Allow", "GET, POST")) }
        body.endObject()
        return PreparedAnswer(status: HTTPResponseStatus(statusCode: status), text: body.text, fields: fields)
    }
}
