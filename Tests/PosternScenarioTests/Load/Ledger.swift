/// What senders know: which requests they were told are stored, and what else they were told.
struct Ledger: Sendable {
    /// Event keys by the delivery's id of each request that was answered 200.
    var acknowledged: [String: String] = [:]
    /// Every event key that was sent at least once.
    var attempted: Set<String> = []
    /// How many answers had each status.
    var statuses: [Int: Int] = [:]
    /// How many requests ended without an answer.
    var faults: [HTTPFault: Int] = [:]
    /// Answers 503 that do not say when to come back.
    var impatient = 0
    /// The last answer that was not 200.
    var lastRefusal: String?

    /// The events that a sender was told are stored.
    var keys: Set<String> { Set(self.acknowledged.values) }

    /// Enters an answer.
    mutating func enter(_ answer: HTTPAnswer, key: String) {
        self.statuses[answer.status, default: 0] += 1
        if answer.status == 200 {
            // An answer without an id acknowledges something nobody can find: let it fail the comparison.
            self.acknowledged[answer.deliveryID ?? "no id for \(key)"] = key
        } else {
            self.lastRefusal = "\(answer)"
            if answer.status == 503 && answer["Retry-After"] == nil { self.impatient += 1 }
        }
    }
}
