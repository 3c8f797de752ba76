/// The requests by which a platform finds out whether a URL is meant for it, and the answers it wants.
package struct HandshakePlan: Sendable {
    /// One kind of handshake request.
    struct Entry: Sendable {
        let method: HandshakeMethod
        let conditions: [Condition]
        /// Whether the request must be signed like any other before it counts.
        let isVerified: Bool
        let requirements: [HandshakeRequirement]
        let answer: HandshakeAnswer
        let refusalStatus: Int
        /// Whether the request is stored as a delivery too.
        let delivers: Bool

        /// Whether choosing or answering looks into the body.
        var readsBody: Bool {
            if self.conditions.contains(where: \.needsBody) { return true }
            if self.requirements.contains(where: { $0.value.needsBody }) { return true }
            switch self.answer.body {
            case .empty: return false
            case .text(let template): return template.needsBody
            case .json(let members): return members.contains { $0.value.needsBody }
            }
        }
    }

    let entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// Whether a request with this method may be a handshake, before or after its signature was checked.
    ///
    /// The cheap question to ask first: for most platforms and requests the answer is no.
    package func mayApply(method: String, verified: Bool) -> Bool {
        self.entries.contains { $0.isVerified == verified && $0.method.rawValue == method }
    }

    /// Whether a handshake with this method can only be recognized with the whole body.
    package func needsBody(method: String, verified: Bool) -> Bool {
        self.entries.contains { $0.isVerified == verified && $0.method.rawValue == method && $0.readsBody }
    }
}

extension Template {
    /// Whether the text cannot be made before the body is complete.
    var needsBody: Bool { self.readsBody || self.paths.contains(where: \.readsForm) }
}
