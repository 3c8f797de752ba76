internal import PosternModel
internal import PosternOperations
internal import PosternStore

extension DeliveryEngine {
    /// How long after an attempt's own deadline its row in the retry queue is due: whoever sent it stores how it ended
    /// before.
    private static let grace: Duration = .seconds(5)

    /// How many events must fit into a destination's window before it is worth reading on: a look at the log costs the
    /// same for one event as for many.
    var worthReading: Int { max(1, self.context.configuration.windowEvents / 4) }

    /// Hands events to the retry queue whose answers let everything behind them wait.
    ///
    /// One answer in a thousand that hangs until its timeout would else set the pace of all.
    mutating func handOver() {
        let (now, room) = (ContinuousClock.now, self.worthReading)
        let (limit, patience) = (self.context.configuration.windowEvents, self.context.configuration.patience)
        let time = Timestamp.now()
        var found: [FollowerKey] = []
        for (lane, delivery) in self.lanes {
            for (destination, follower) in delivery.followers {
                // One that is not sent to has nothing to win.
                guard self.destinations[destination]?.readiness(at: time) == .open,
                    follower.holdingUp(at: now, room: room, of: limit, patience: patience) != nil
                else { continue }
                found.append(FollowerKey(lane: lane, destination: destination))
            }
        }
        for key in found {
            while let event = self.lanes[key.lane]?.followers[key.destination]?
                .holdingUp(at: now, room: room, of: limit, patience: patience)
            {
                self.handOver(event, of: key)
            }
        }
    }

    private mutating func handOver(_ event: EventRecord, of key: FollowerKey) {
        guard let active = self.destinations[key.destination],
            var follower = self.lanes[key.lane]?.followers.removeValue(forKey: key.destination)
        else { return }
        let row = NewDeliveryRetry(
            content: OutgoingEvent(event, to: key.destination),
            attempt: 0,
            scheduledAt: .now().advanced(by: active.record.timeout + Self.grace),
            account: active.record.isOrdered ? event.account : nil,
            failure: DeliveryFailure(reason: "attempt_under_way", detail: "its first attempt takes long")
        )
        let before = follower.bytes
        follower.handOver(event, as: row) { Self.parked($0, for: key.destination) }
        self.bufferedBytes += follower.bytes - before
        self.heldRetries[row.id] = key
        self.lanes[key.lane]?.followers[key.destination] = follower
    }
}
