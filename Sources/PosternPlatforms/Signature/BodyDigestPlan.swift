internal import PosternCrypto

/// A hash of the body that stands in the signed URL, so that the URL's signature covers the body too.
struct BodyDigestPlan: Sendable {
    /// The query parameter it stands in.
    let query: String
    let digest: DigestAlgorithm
    let encoding: SignatureEncoding

    /// Tells whether the hash in the URL is that of the body.
    func holds(_ facts: RequestFacts, body: [UInt8]) -> Bool {
        guard let text = facts.query(self.query), let claimed = self.encoding.decode(text[...]),
            let actual = try? HashStream.digest(self.digest, body.span)
        else { return false }
        return claimed.matches(actual)
    }
}
