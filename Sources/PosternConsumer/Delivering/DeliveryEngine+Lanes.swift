internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// Takes a changed configuration over.
    mutating func updateDestinations() {
        let status = self.context.status.status
        let part = LanePart(held: status.lanes, of: status.lanesInAll)
        let snapshot = self.context.directory.current
        guard snapshot.generation != self.generation || part != self.part else { return }
        let isNew = snapshot.generation != self.generation
        (self.generation, self.part) = (snapshot.generation, part)
        let now = ContinuousClock.now
        var kept: [DestinationID: ActiveDestination] = [:]
        self.following = [:]
        var added: Set<DestinationID> = []
        var reordered: Set<DestinationID> = []
        var changed: Set<DestinationID> = []
        for record in snapshot.destinations {
            let fault = snapshot.faults[record.id]
            let percent = self.context.jitterPercent
            if var known = self.destinations[record.id] {
                if known.record.isOrdered != record.isOrdered { reordered.insert(record.id) }
                if known.record != record { changed.insert(record.id) }
                known.update(record, fault: fault, part: part, jitterPercent: percent, at: now)
                kept[record.id] = known
            } else {
                kept[record.id] =
                    ActiveDestination(record, fault: fault, part: part, jitterPercent: percent, at: now)
                added.insert(record.id)
            }
            if record.kind != .alert { self.following[record.organization, default: []].append(record.id) }
        }
        self.destinations = kept
        guard isNew else { return }
        for lane in self.lanes.keys.sorted() {
            for destination in (self.lanes[lane]?.followers ?? [:]).keys where kept[destination] == nil {
                self.dropFollower(destination, of: lane)
            }
        }
        // Which events may go at once is decided when they are read.
        for destination in reordered {
            for lane in self.lanes.keys.sorted() { self.rereadFollower(destination, of: lane) }
        }
        // The lanes are read anew for the cursors of destinations that were not there before.
        if added.contains(where: { kept[$0]?.follows == true }) {
            self.unread.formUnion(self.lanes.values.map(\.lease))
        }
        for (lane, delivery) in self.lanes {
            for destination in delivery.followers.keys where changed.contains(destination) {
                self.hungry.insert(FollowerKey(lane: lane, destination: destination))
            }
        }
        for organization in self.following.keys { self.turns.add(organization) }
        self.nextRetryLook = now
    }

    /// Takes new lanes, finishes those that are leaving, and lets go of those that were lost.
    ///
    /// Once in a tick, and while cursors are to be read: at every wake it was 8 % of a busy consumer's time. What is done
    /// for a lane lost within the tick is refused by its fence.
    mutating func updateLanes() async throws(WorkFailure) {
        let now = ContinuousClock.now
        guard now >= self.nextLaneLook || !self.unread.isEmpty else { return }
        self.nextLaneLook = now.advanced(by: Self.tick)
        let (staying, leaving) = self.context.board.checkOutForDelivery()
        for lease in staying where self.lanes[lease.lane]?.lease != lease {
            self.dropLane(lease.lane)
            self.unread.insert(lease)
        }
        for (lane, delivery) in self.lanes where !self.context.board.holds(delivery.lease) { self.dropLane(lane) }
        self.sendingLanes = Set(staying.map(\.lane))
        // What has too little of its lease left now may be renewed: it is only not read yet.
        self.unread = self.unread.filter { self.context.board.holds($0) }
        self.release(leaving)
        let readable = self.unread.intersection(staying)
        if !readable.isEmpty, !self.context.stop.isRaised { try await self.readCursors(of: readable.sorted()) }
    }

    /// Gives back lanes whose deliveries are settled, or have had their time.
    private mutating func release(_ leaving: [LeasedLane]) {
        var done: [LeasedLane] = []
        for lease in leaving {
            guard let delivery = self.lanes[lease.lane], delivery.lease == lease else {
                done.append(lease)
                continue
            }
            let since = delivery.leavingSince ?? .now
            self.lanes[lease.lane]?.leavingSince = since
            let isOver = since.duration(to: .now) > self.context.configuration.drainLimit
            let isPending = self.unsettled.contains { $0.shares.contains { $0.lane == lease } }
            if isOver || (delivery.isSettled && !isPending) {
                self.dropLane(lease.lane)
                done.append(lease)
            }
        }
        if !done.isEmpty { self.context.board.checkInFromDelivery(done) }
    }

    /// Reads the cursors of lanes that are new here, or have new destinations.
    private mutating func readCursors(of leases: [LeasedLane]) async throws(WorkFailure) {
        let (lanes, consumer) = (leases.map(\.lane), self.context.consumer)
        let (cursors, blocked) = try await self.run { connection, limit throws(PostgresError) in
            let cursors = try DestinationCursors.read(lanes, owner: consumer, &connection, within: limit)
            return (
                cursors,
                try DeliveryRetries.blockedAccounts(in: lanes, owner: consumer, &connection, within: limit)
            )
        }
        var accounts: [FollowerKey: Set<String>] = [:]
        for each in blocked {
            accounts[FollowerKey(lane: each.lane, destination: each.destination), default: []].insert(each.account)
        }
        for lease in leases where self.lanes[lease.lane] == nil {
            self.lanes[lease.lane] = LaneDelivery(lease: lease)
        }
        for cursor in cursors {
            guard let destination = self.destinations[cursor.destination], destination.follows,
                self.lanes[cursor.lane]?.followers[cursor.destination] == nil
            else { continue }
            let key = FollowerKey(lane: cursor.lane, destination: cursor.destination)
            let order = destination.record.isOrdered ? AccountOrder(blocked: accounts[key] ?? []) : nil
            self.epochs += 1
            self.lanes[cursor.lane]?.followers[cursor.destination] =
                LaneFollower(cursor, order: order, epoch: self.epochs)
            self.hungry.insert(key)
        }
        self.unread.subtract(leases)
        self.nextRetryLook = .now
    }

    /// Forgets a lane; what is under way in it changes nothing any more, and is read again from the cursors.
    mutating func dropLane(_ lane: Lane) {
        guard let delivery = self.lanes[lane] else { return }
        for destination in delivery.followers.keys { self.dropFollower(destination, of: lane) }
        self.lanes[lane] = nil
    }

    /// Forgets how far a destination has come in a lane, and reads it again from what is stored.
    mutating func rereadFollower(_ destination: DestinationID, of lane: Lane) {
        guard let lease = self.lanes[lane]?.lease else { return }
        self.dropFollower(destination, of: lane)
        self.unread.insert(lease)
    }

    private mutating func dropFollower(_ destination: DestinationID, of lane: Lane) {
        let key = FollowerKey(lane: lane, destination: destination)
        self.hungry.remove(key)
        self.waitingRetries[key] = nil
        self.readyLanes[destination]?.remove(lane)
        // Under another epoch they would change nothing: whoever reads the queue next takes them.
        self.heldRetries = self.heldRetries.filter { $0.value != key }
        for row in self.dueRetries[destination] ?? [] where row.row.lane == lane {
            self.bufferedBytes -= row.content.byteCount
        }
        self.dueRetries[destination]?.removeAll { $0.row.lane == lane }
        if let follower = self.lanes[lane]?.followers.removeValue(forKey: destination) {
            self.bufferedBytes -= follower.bytes
        }
    }
}
