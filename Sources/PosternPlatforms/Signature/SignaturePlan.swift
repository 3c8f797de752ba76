/// One form of a signature scheme, compiled: what to compare with what.
package struct SignaturePlan: Sendable {
    /// How the proof works.
    package enum Method: Sendable {
        /// A keyed hash of a message.
        case hmac(MessagePlan, KeyEncoding)
        /// A plain hash of a message that contains the secret.
        case digest(MessagePlan)
        /// The secret itself.
        case token(TokenPlan)
        /// The secret as the last segment of the URL's path.
        case urlToken
        /// No proof beyond the unguessable URL.
        case none
        /// Something this program does not check, such as a public-key signature.
        case unsupported(String)
    }

    /// The form is used when all of these hold.
    let conditions: [Condition]
    /// How the proof works.
    package let method: Method
    /// Headers that must be as described, or the signature does not count.
    let requirements: [HeaderRequirement]
    /// A hash of the body that stands elsewhere in the request.
    let bodyDigest: BodyDigestPlan?

    /// The plan of the signed message, where there is one.
    var message: MessagePlan? {
        switch self.method {
        case .hmac(let message, _), .digest(let message): message
        case .token, .urlToken, .none, .unsupported: nil
        }
    }

    /// Whether choosing or checking this form looks into the body other than by hashing it.
    var readsBody: Bool {
        if self.conditions.contains(where: \.needsBody) || self.bodyDigest != nil { return true }
        switch self.method {
        case .hmac(let message, _), .digest(let message): return message.readsBody
        case .token(let token): return token.readsBody
        case .urlToken, .none, .unsupported: return false
        }
    }

    /// Whether the body can be hashed as it arrives.
    var streams: Bool {
        guard !self.conditions.contains(where: \.needsBody) else { return false }
        switch self.method {
        case .hmac(let message, _): return message.streams
        case .digest: return false
        case .token, .urlToken, .none, .unsupported: return true
        }
    }

    /// Whether the proof covers the body.
    var bindsBody: Bool {
        self.bodyDigest != nil || self.message?.parts.contains(where: \.coversBody) ?? false
    }
}

extension Condition {
    /// Whether the condition cannot be decided before the body is complete.
    var needsBody: Bool { self.readsBody || self.paths.contains(where: \.readsForm) }
}

extension ValuePath {
    /// Whether the path reads a field of a form body.
    var readsForm: Bool {
        switch self.root {
        case .form: true
        case .parsed(let path): path.readsForm
        case .body, .binding, .header, .query, .parameter, .method, .url, .timestamp, .deliveryID: false
        }
    }
}
