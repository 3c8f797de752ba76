internal import PosternModel
internal import PosternStore

/// What one destination has to store of one lane.
struct SettlementShare {
    let lane: LeasedLane
    let destination: DestinationID
    /// Which reading of the cursor it belongs to.
    let epoch: Int
    let move: DeliveryWindow.Move?
    /// What is to be stored for it alone.
    let settlement: DeliverySettlement

    /// How many bytes of foreign length it carries.
    var byteCount: Int {
        self.settlement.retries.reduce(0) { $0 + $1.content.byteCount }
            + self.settlement.deadLetters.reduce(0) { $0 + $1.content.byteCount }
    }
}

/// What is stored in one transaction.
struct PendingSettlement {
    /// In the order of lanes and destinations; at least one.
    let shares: [SettlementShare]

    /// All of it.
    var whole: DeliverySettlement {
        var whole = shares[0].settlement
        for share in self.shares.dropFirst() {
            if whole.leases.last != share.lane { whole.leases.append(share.lane) }
            whole.moves += share.settlement.moves
            whole.retries += share.settlement.retries
            whole.deadLetters += share.settlement.deadLetters
            whole.finished += share.settlement.finished
            whole.postponed += share.settlement.postponed
            whole.attempts += share.settlement.attempts
            whole.announcements += share.settlement.announcements
            whole.minutes.add(share.settlement.minutes)
        }
        return whole
    }

    /// The two halves of it, so that what is to blame is found in few steps.
    var halves: [PendingSettlement] {
        let middle = self.shares.count / 2
        return [Self(shares: Array(self.shares[..<middle])), Self(shares: Array(self.shares[middle...]))]
    }
}
