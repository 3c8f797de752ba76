internal import PosternJSON

/// The answer to a handshake, with what it takes from the request.
struct HandshakeAnswer: Sendable {
    /// The body of the answer.
    enum Body: Sendable {
        case empty
        case text(Template)
        /// One object; the members in the order of the definition.
        case json([(name: String, value: Template)])
    }

    let status: Int
    let contentType: String?
    let headers: [HeaderLine]
    let body: Body

    /// Fills the answer in; `nil` when something it needs is not in the request.
    func render(_ scope: ReferenceScope) -> PlatformAnswer? {
        let bytes: [UInt8]
        switch self.body {
        case .empty: bytes = []
        case .text(let template):
            guard let text = template.text(in: scope) else { return nil }
            bytes = Array(text.utf8)
        case .json(let members):
            var writer = JSONWriter()
            writer.beginObject()
            for (name, template) in members {
                guard let text = template.text(in: scope) else { return nil }
                writer.name(name)
                writer.string(text)
            }
            writer.endObject()
            bytes = writer.bytes
        }
        return PlatformAnswer(status: self.status, contentType: self.contentType, headers: self.headers, body: bytes)
    }
}
