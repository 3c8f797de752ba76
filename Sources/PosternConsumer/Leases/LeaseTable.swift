package import PosternModel
package import PosternStore

/// The lanes one consumer holds, and until when, by its own clock.
///
/// A value without clock or I/O: times are arguments, answers say what to do. The consumer has one lease on all of them,
/// counted from the moment before the database was asked, so that it ends here before it ends there; a lane is given to
/// a worker only while the lease has the margin left, and the fence stops whatever is late nevertheless.
package struct LeaseTable: ~Copyable {
    private struct Holding {
        var fence: Int64
        /// To be given back as soon as no worker has it.
        var isLeaving = false
        /// A worker has it now.
        var isWorked = false
        /// Its events are being delivered.
        var isDelivered = false

        /// Whether nobody has it.
        var isFree: Bool { !self.isWorked && !self.isDelivered }
    }

    private struct State {
        var holdings: [Lane: Holding] = [:]
        var lastRenewal: ContinuousClock.Instant?

        /// Whether the lease lasts until after `moment`.
        func lasts(until moment: ContinuousClock.Instant, lease: Duration) -> Bool {
            guard let lastRenewal else { return false }
            return moment < lastRenewal.advanced(by: lease)
        }
    }

    /// How long the lease lasts in the database.
    package let lease: Duration
    /// How long before the end of the lease no lane is worked any more.
    package let margin: Duration
    private var state = State()

    /// Starts without lanes.
    ///
    /// - Parameters:
    ///   - lease: more than `margin`.
    ///   - margin: a fifth of the lease leaves a renewal, done at a third, one more try.
    package init(lease: Duration, margin: Duration) {
        precondition(margin >= .zero && lease > margin, "a lease of \(lease) with a margin of \(margin)")
        self.lease = lease
        self.margin = margin
    }

    /// The most lanes one of `consumers` may hold of `lanes`: together they reach all.
    package static func fairShare(lanes: Int, consumers: Int) -> Int {
        let consumers = max(1, consumers)
        return (lanes + consumers - 1) / consumers
    }

    /// How many lanes are held, those on their way out included.
    package var count: Int { self.state.holdings.count }

    /// How many lanes are held and stay.
    package var staying: Int { self.state.holdings.values.count { !$0.isLeaving } }

    /// Whether a lane waits to be given back.
    package var hasLeaving: Bool { self.state.holdings.values.contains { $0.isLeaving } }

    /// All lanes held, in order.
    package var lanes: [LeasedLane] {
        self.state.holdings.map { LeasedLane(lane: $0.key, fence: $0.value.fence) }.sorted()
    }

    /// Whether a lane is held, worked or not.
    package func holds(_ lane: Lane) -> Bool { self.state.holdings[lane] != nil }

    /// Notes a lane that the database granted, for what is left of the lease.
    package mutating func claimed(_ lane: LeasedLane) {
        // A lane claimed anew while a worker still has it under the old fence: that batch will be refused, and the
        // worker gives back the old fence, which then changes nothing here.
        self.state.holdings[lane.lane] = Holding(fence: lane.fence)
    }

    /// Whether it is time to renew: a third of the lease has passed since the last renewal, or there was none.
    package func renewalIsDue(at now: ContinuousClock.Instant) -> Bool {
        guard let last = self.state.lastRenewal else { return true }
        return now >= last.advanced(by: self.lease / 3)
    }

    /// Notes that the lease was renewed, and which of our lanes the database says are ours; the others are lost.
    ///
    /// - Parameters:
    ///   - own: those it says are ours.
    ///   - held: those we held before it was asked.
    ///   - asked: the moment before it was asked.
    /// - Returns: the lanes lost, in order.
    package mutating func renewed(
        own: Set<LeasedLane>,
        of held: [LeasedLane],
        asked: ContinuousClock.Instant
    ) -> [Lane] {
        self.state.lastRenewal = asked
        var lost: [Lane] = []
        for each in held where self.state.holdings[each.lane]?.fence == each.fence && !own.contains(each) {
            self.state.holdings[each.lane] = nil
            lost.append(each.lane)
        }
        return lost.sorted()
    }

    /// Drops lanes that the database said are not ours any more.
    package mutating func lost(_ lanes: [LeasedLane]) {
        for each in lanes where self.state.holdings[each.lane]?.fence == each.fence {
            self.state.holdings[each.lane] = nil
        }
    }

    /// Drops the lanes that no worker has when the lease has ended by our clock; they must be claimed anew.
    package mutating func expire(at now: ContinuousClock.Instant) -> [Lane] {
        guard !self.state.lasts(until: now, lease: self.lease) else { return [] }
        let ended = self.state.holdings.filter { !$0.value.isWorked }.keys.sorted()
        for lane in ended { self.state.holdings[lane] = nil }
        return ended
    }

    /// Marks lanes to be given back until only `share` stay; those no worker has go first.
    package mutating func shed(to share: Int) {
        var surplus = self.staying - max(0, share)
        guard surplus > 0 else { return }
        let candidates = self.state.holdings.filter { !$0.value.isLeaving }
            .sorted { ($0.value.isWorked ? 1 : 0, $0.key) < ($1.value.isWorked ? 1 : 0, $1.key) }
        for (lane, _) in candidates {
            guard surplus > 0 else { return }
            self.state.holdings[lane]?.isLeaving = true
            surplus -= 1
        }
    }

    /// The lanes to give back now, in order; they are no longer held.
    package mutating func takeReleasable() -> [LeasedLane] {
        let ready = self.state.holdings.filter { $0.value.isLeaving && $0.value.isFree }
        for lane in ready.keys { self.state.holdings[lane] = nil }
        return ready.map { LeasedLane(lane: $0.key, fence: $0.value.fence) }.sorted()
    }

    /// Gives a worker its lanes, in order: those of its residue that stay, none without the margin left of the lease.
    ///
    /// - Parameters:
    ///   - worker: from 0.
    ///   - workers: how many share the lanes, at least 1; a lane belongs to `number mod workers`.
    ///   - now: by our clock.
    /// - Returns: the lanes; the worker gives them back with ``checkIn(_:)``.
    package mutating func checkOut(
        worker: Int,
        of workers: Int,
        at now: ContinuousClock.Instant
    ) -> [LeasedLane] {
        guard self.state.lasts(until: now.advanced(by: self.margin), lease: self.lease) else { return [] }
        var given: [LeasedLane] = []
        for (lane, holding) in self.state.holdings
        where Int(lane.number) % workers == worker && !holding.isLeaving {
            self.state.holdings[lane]?.isWorked = true
            given.append(LeasedLane(lane: lane, fence: holding.fence))
        }
        return given.sorted()
    }

    /// Takes a worker's lanes back.
    package mutating func checkIn(_ lanes: [LeasedLane]) {
        for each in lanes where self.state.holdings[each.lane]?.fence == each.fence {
            self.state.holdings[each.lane]?.isWorked = false
        }
    }

    /// Gives the delivery its lanes, in order: to go on with, and to finish because they are leaving.
    ///
    /// When too little of the lease is left to send anything, lanes that stay are in neither list. One that is not held
    /// any more is somebody else's.
    package mutating func checkOutForDelivery(
        at now: ContinuousClock.Instant
    ) -> (staying: [LeasedLane], leaving: [LeasedLane]) {
        let isLasting = self.state.lasts(until: now.advanced(by: self.margin), lease: self.lease)
        var (staying, leaving): ([LeasedLane], [LeasedLane]) = ([], [])
        for (lane, holding) in self.state.holdings {
            let lease = LeasedLane(lane: lane, fence: holding.fence)
            if holding.isLeaving {
                if holding.isDelivered { leaving.append(lease) }
            } else if isLasting {
                self.state.holdings[lane]?.isDelivered = true
                staying.append(lease)
            }
        }
        return (staying.sorted(), leaving.sorted())
    }

    /// Takes lanes back whose deliveries are settled.
    package mutating func checkInFromDelivery(_ lanes: [LeasedLane]) {
        for each in lanes where self.state.holdings[each.lane]?.fence == each.fence {
            self.state.holdings[each.lane]?.isDelivered = false
        }
    }
}
