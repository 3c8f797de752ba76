internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// How many events are read for a destination that has none, when those of others fill the bound.
    private static let eventsWhenFull = 8

    /// Reads on in the log for destinations that have room.
    mutating func feed() async throws(WorkFailure) {
        self.hasMore = false
        if ContinuousClock.now >= self.nextIdleLook {
            self.nextIdleLook = .now.advanced(by: self.context.configuration.idleLook)
            for (lane, delivery) in self.lanes {
                for destination in delivery.followers.keys {
                    self.hungry.insert(FollowerKey(lane: lane, destination: destination))
                }
            }
        }
        let (keys, requests) = self.wishes()
        guard !requests.isEmpty else { return }
        let (consumer, bytes) = (self.context.consumer, self.context.configuration.bufferedBytes)
        let page: FeedPage
        do throws(WorkFailure) {
            page = try await self.run { connection, limit throws(PostgresError) in
                try EventFeed.read(requests, owner: consumer, bytesInAll: bytes, &connection, within: limit)
            }
        } catch .database(.deadline) where self.window > 1 {
            // Events so large that a look at so many takes too long; those that were read before can go meanwhile.
            self.window /= 2
            self.hasMore = true
            self.context.logger.warning("events read too slowly", metadata: ["events_at_once": "\(self.window)"])
            return
        }
        self.window = min(self.context.configuration.windowEvents, self.window * 2)
        for (index, key) in keys.enumerated() {
            self.take(page.events[index], for: key)
            guard let head = page.heads[key.lane] else { continue }
            guard !page.isCut[index], let time = page.time else {
                self.hasMore = true
                continue
            }
            let isAtHead = page.reach[index] == head
            if isAtHead { self.hungry.remove(key) } else { self.hasMore = true }
            // What is still ahead may have been stored at any time since the last that was read.
            self.lanes[key.lane]?.followers[key.destination]?.window
                .examined(upTo: page.reach[index], storedAt: isAtHead ? time : requests[index].since)
        }
    }

    /// Which destinations are to read on in which lanes, and how far.
    private mutating func wishes() -> ([FollowerKey], [FeedRequest]) {
        let configuration = self.context.configuration
        // Past the bound, whoever has nothing to send still reads a few: what others hold must not stop it.
        let isFull = self.bufferedBytes >= configuration.bufferedBytes
        let now = Timestamp.now()
        var (keys, requests): ([FollowerKey], [FeedRequest]) = ([], [])
        // As many at once as make a page with a whole window each.
        var left = max(1, configuration.pageEvents * self.window / configuration.windowEvents)
        var hungry = HungryFollowers<FollowerKey>()
        swap(&hungry, &self.hungry)
        let isDone = hungry.forEach { key in
            guard self.sendingLanes.contains(key.lane), let delivery = self.lanes[key.lane],
                let follower = delivery.followers[key.destination],
                let destination = self.destinations[key.destination]
            else { return true }
            let room: Int
            switch destination.readiness(at: now) {
            case .open: room = configuration.windowEvents - follower.window.inWindow
            // A few are enough to find one that shows whether the destination is back.
            case .probe: room = follower.readyCount > 0 ? 0 : self.worthReading
            case .held: room = 0
            }
            guard room >= self.worthReading else { return true }
            if isFull, follower.readyCount > 0 { return true }
            let last = follower.window.lastRead
            let limit = min(room, isFull ? Self.eventsWhenFull : self.window)
            keys.append(key)
            requests.append(
                FeedRequest(
                    lane: key.lane,
                    organization: follower.organization,
                    after: last.number,
                    since: last.storedAt,
                    limit: limit
                )
            )
            left -= limit
            return left > 0
        }
        swap(&hungry, &self.hungry)
        if !isDone { self.hasMore = true }
        return (keys, requests)
    }

    private mutating func take(_ events: [EventRecord], for key: FollowerKey) {
        guard !events.isEmpty, let matcher = self.destinations[key.destination]?.matcher,
            var follower = self.lanes[key.lane]?.followers[key.destination]
        else { return }
        // Out of the dictionary while it changes, so that nothing is copied.
        self.lanes[key.lane]?.followers[key.destination] = nil
        let before = follower.bytes
        for event in events {
            if matcher.matches(event) {
                follower.take(event) { Self.parked($0, for: key.destination) }
            } else {
                follower.window.add(number: event.number, storedAt: event.storedAt, fate: .unsubscribed)
            }
        }
        self.bufferedBytes += follower.bytes - before
        if follower.readyCount > 0 {
            self.readyLanes[key.destination, default: []].insert(key.lane)
            self.turns.add(follower.organization)
        }
        self.lanes[key.lane]?.followers[key.destination] = follower
    }

    /// The row of an event that must wait behind one of its account that failed.
    static func parked(_ event: EventRecord, for destination: DestinationID) -> NewDeliveryRetry {
        NewDeliveryRetry(
            content: OutgoingEvent(event, to: destination),
            attempt: 0,
            scheduledAt: nil,
            account: event.account,
            failure: DeliveryFailure(
                reason: "waits_for_account",
                detail: "an earlier event of the same account has to be delivered first"
            )
        )
    }
}
