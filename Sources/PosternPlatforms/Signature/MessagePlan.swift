internal import PosternCrypto

/// What is hashed, where the hash is sent, and what time it was signed at.
///
/// A class, for it is handed from room to room on the way of every request: one reference instead of ten.
package final class MessagePlan: Sendable {
    /// The hash function, or those a sender may choose from by the signature's prefix.
    enum Digests: Sendable {
        case fixed(DigestAlgorithm)
        case fromPrefix([DigestAlgorithm])

        /// All of them, in the order of the definition.
        var all: [DigestAlgorithm] {
            switch self {
            case .fixed(let algorithm): [algorithm]
            case .fromPrefix(let algorithms): algorithms
            }
        }
    }

    let digests: Digests
    let encoding: SignatureEncoding
    let location: SignatureLocation
    let syntax: SignatureSyntax
    /// The pieces of the message in order.
    let parts: [MessagePart]
    /// Stands between the pieces.
    let separator: [UInt8]
    /// The items that are each signed on their own; `nil` for one signature on the whole request.
    let items: ValuePath?
    let time: TimePlan?

    /// Whether the message can be hashed as it arrives: nothing in it is taken from inside the body.
    let streams: Bool
    /// Where in `parts` the raw body stands.
    let bodyPosition: Int?
    /// Whether the time is a piece of the message; one that is not proves nothing by itself.
    let signsTime: Bool
    /// Whether signature, time or a piece of the message is taken from inside the body.
    let readsBody: Bool
    /// Whether that needs the body as a document; sorted or escaped bytes do not.
    let readsDocument: Bool

    /// Joins the parts of a plan, and looks once at what follows from them.
    init(
        digests: Digests,
        encoding: SignatureEncoding,
        location: SignatureLocation,
        syntax: SignatureSyntax,
        parts: [MessagePart],
        separator: [UInt8],
        items: ValuePath?,
        time: TimePlan?
    ) {
        self.digests = digests
        self.encoding = encoding
        self.location = location
        self.syntax = syntax
        self.parts = parts
        self.separator = separator
        self.items = items
        self.time = time
        let needsWholeBody = parts.contains(where: \.needsWholeBody)
        let signsTime = parts.contains { if case .timestamp = $0 { true } else { false } }
        self.signsTime = signsTime
        self.bodyPosition = parts.firstIndex { if case .body = $0 { true } else { false } }
        self.streams =
            items == nil && !location.readsBody && !needsWholeBody && (time?.readsBody != true || !signsTime)
        let readsDocument =
            items != nil || location.readsBody || time?.readsBody == true
            || parts.contains { if case .json = $0 { true } else { false } }
        self.readsDocument = readsDocument
        self.readsBody = readsDocument || needsWholeBody
    }
}
