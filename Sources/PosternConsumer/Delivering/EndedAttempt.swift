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
    /// Which reading of the cursor it belongs to; what ends after the next one changes nothing.
    let epoch: Int
    /// Sent while the circuit was open, to see whether the destination is back.
    let isProbe: Bool
    /// `nil` when nothing was sent, for a reason of ours.
    let answer: OutboundAnswer?

    /// The same attempt, of an event that was handed to the retry queue meanwhile.
    func of(_ retry: DueDelivery) -> EndedAttempt {
        EndedAttempt(
            subject: .retry(retry),
            lane: self.lane,
            destination: self.destination,
            epoch: self.epoch,
            isProbe: self.isProbe,
            answer: self.answer
        )
    }

    /// Which attempt it was, the first being 1.
    var number: Int32 {
        switch self.subject {
        case .event: 1
        case .retry(let retry): retry.number
        }
    }
}
