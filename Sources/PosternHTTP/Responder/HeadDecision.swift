/// What a responder wants to happen after it has seen a request's head.
package enum HeadDecision: Sendable {
    /// Take the request: hand over the body as it arrives, up to this many bytes, then call `complete`.
    ///
    /// More bytes, announced or sent, are refused with 413 by the server and the exchange is aborted.
    case read(limitBytes: Int)
    /// Answer at once; the body, if any, is not handed over.
    case answer(PreparedAnswer)
    /// The responder has called ``Exchange/answer(_:)`` already; the body, if any, is not handed over.
    case answered
}
