package import PosternModel

/// How far a job that normalizes again has come: behind the events of one delivery, whose numbers follow each other.
package struct RenormalizationPosition: Sendable, Equatable, CustomStringConvertible {
    package let lane: Lane
    /// The number of the last event seen.
    package let number: Int64
    /// The delivery it came of.
    package let delivery: DeliveryID

    /// Joins the fields.
    package init(lane: Lane, number: Int64, delivery: DeliveryID) {
        self.lane = lane
        self.number = number
        self.delivery = delivery
    }

    /// Reads what ``description`` writes; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let lane = Int32(parts[0]), let number = Int64(parts[1]),
            let delivery = DeliveryID(text: parts[2])
        else { return nil }
        self.init(lane: Lane(lane), number: number, delivery: delivery)
    }

    /// `lane:number:delivery`.
    package var description: String { "\(self.lane):\(self.number):\(self.delivery)" }
}
