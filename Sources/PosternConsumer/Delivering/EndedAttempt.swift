internal import PosternModel
internal import PosternOutbound
internal import PosternStore

/// One attempt that is over: what was sent where, and what came of it.
struct EndedAttempt: Sendable {
    /// What was sent.
    enum Subject: Sendable {
        /// An event for the first time.
        case event(EventRecord)
        /// A row of the retry queue.
        case retry(DueDelivery)
    }

    let subject: Subject
    let lane: Lane
    let destination: DestinationID
    /// Which holding of the lane it belongs to; what comes after the lane was read anew changes nothing.
    let epoch: Int
    /// Sent while the circuit was open, to see whether the destination is back.
    let isProbe: Bool
    /// The request as it came in, where the destination takes that.
    let original: OriginalRequest?
    /// `nil` when nothing was sent, for a reason of ours.
    let answer: OutboundAnswer?

    /// Which attempt it was, the first being 1.
    var number: Int32 {
        switch self.subject {
        case .event: 1
        case .retry(let retry): retry.number
        }
    }
}
