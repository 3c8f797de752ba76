package import PosternModel

/// How far a job that normalizes again has come in the log of events.
package struct RenormalizationPosition: Sendable, Equatable, CustomStringConvertible {
    /// What such a job does, one after the other.
    package enum Phase: String, Sendable {
        /// It tells the ledger what the log holds, because the ledger forgets sooner.
        case know
        /// It normalizes.
        case normalize
    }

    package let phase: Phase
    package let lane: Lane
    /// The number of the last event seen; 0 for none.
    package let number: Int64

    /// Joins the fields.
    package init(_ phase: Phase, lane: Lane, number: Int64) {
        self.phase = phase
        self.lane = lane
        self.number = number
    }

    /// Before the first event: lanes begin at 0, numbers at 1.
    package static func beginning(of phase: Phase) -> RenormalizationPosition {
        RenormalizationPosition(phase, lane: Lane(0), number: 0)
    }

    /// Reads what ``description`` writes; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let phase = Phase(rawValue: String(parts[0])), let lane = Int32(parts[1]),
            let number = Int64(parts[2])
        else { return nil }
        self.init(phase, lane: Lane(lane), number: number)
    }

    /// `phase:lane:number`.
    package var description: String { "\(self.phase.rawValue):\(self.lane):\(self.number)" }
}
