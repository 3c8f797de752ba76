internal import NIOCore
package import PosternModel
package import PosternPlatforms

/// A request serialized once, of which nothing but the event key changes: signed once for all keys.
package struct RequestTemplate: Sendable {
    /// The bytes, with the key of number 0.
    package let bytes: RequestBytes
    /// Where in the head the key stands.
    package let keyPosition: Int

    /// Joins the parts.
    init(bytes: RequestBytes, keyPosition: Int) {
        self.bytes = bytes
        self.keyPosition = keyPosition
    }

    /// Signs and serializes a draft.
    ///
    /// `nil` when the signature depends on the key or on the time, so that every request must be signed on its own: found
    /// out by signing for two keys at two times.
    package init?(
        _ draft: RequestDraft,
        _ endpoint: SigningEndpoint?,
        target: String,
        authority: String,
        forged: Bool = false,
        now: Timestamp
    ) throws(SigningError) {
        guard case .header(let place) = draft.place else { return nil }
        let request: SignedRequest
        if let endpoint {
            request = try endpoint.sign(draft, 0, target: target, forged: forged, now: now)
            let later = now.advanced(by: .seconds(3607))
            let other = try endpoint.sign(draft, 1, target: target, forged: forged, now: later)
            let name = draft.headers[place].name.lowercased()
            guard other.body == request.body, other.target == request.target,
                other.headers.filter({ $0.name.lowercased() != name })
                    == request.headers.filter({ $0.name.lowercased() != name })
            else { return nil }
        } else {
            let (headers, body) = draft.filled(0)
            request = SignedRequest(method: "POST", origin: "", target: target, headers: headers, body: body)
        }
        self.bytes = RequestBytes(request, authority: authority)
        let head = Array(self.bytes.head.readableBytesView)
        guard let range = head.firstRange(of: draft.key.text(0)) else { return nil }
        self.keyPosition = range.lowerBound
    }
}
