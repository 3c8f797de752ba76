/// The buckets of many keys in fixed memory: whoever is in debt is remembered, the least debt is forgotten first.
///
/// Nothing is allocated after `init`. A key has eight possible slots; a full bucket needs none. If all eight are taken by
/// other keys, the one with the least debt leaves: what is forgiven is the least there is, and a crowd of newcomers
/// replaces its own members and not the keys that owe most.
///
/// A time earlier than the latest one seen counts as the latest: as if no time had passed. One thread at a time.
package struct BucketTable<Key: Hashable & Sendable>: ~Copyable, Sendable {
    private var slots: TaggedSlots
    private var latest = Int64.min

    /// Makes a table in which every bucket is full.
    ///
    /// - Parameter capacity: how many keys; rounded up to a power of two from 8 to 16,777,216.
    package init(capacity: Int) { self.slots = TaggedSlots(capacity: capacity) }

    /// Bytes of memory for one entry, whatever the key.
    package static var bytesPerEntry: Int { MemoryLayout<TaggedSlots.Slot>.stride }

    /// How many keys can be in debt at once.
    package var capacity: Int { self.slots.capacity }

    /// How many keys are in debt at the latest time seen.
    ///
    /// Reads the whole table: for metrics, not for a request.
    package var count: Int {
        (0..<self.capacity).count { RateBucket(fullAt: self.slots[$0].moment).debtNanoseconds(now: self.latest) > 0 }
    }

    /// Says whether a request of a key fits its limit, without taking; a key that is not in the table has a full bucket.
    package mutating func decision(_ key: Key, _ limit: RateLimit, now: Int64) -> RateDecision {
        self.latest = max(self.latest, now)
        guard let place = self.slots.place(of: self.slots.tag(of: key)) else {
            return RateBucket().decision(limit, now: self.latest)
        }
        return RateBucket(fullAt: self.slots[place].moment).decision(limit, now: self.latest)
    }

    /// Charges one request to a key, whether it fits or not.
    package mutating func charge(_ key: Key, _ limit: RateLimit, now: Int64) {
        self.latest = max(self.latest, now)
        let tag = self.slots.tag(of: key)
        var bucket = RateBucket()
        var place: Int
        if let known = self.slots.place(of: tag) {
            place = known
            bucket = RateBucket(fullAt: self.slots[known].moment)
        } else {
            place = self.leastIndebted(of: tag)
        }
        bucket.charge(limit, now: self.latest)
        self.slots[place] = TaggedSlots.Slot(tag: tag, moment: bucket.fullAt)
    }

    private func leastIndebted(of tag: UInt64) -> Int {
        let places = self.slots.places(of: tag)
        var least = Int64.max
        var found = places.lowerBound
        for place in places {
            let debt = RateBucket(fullAt: self.slots[place].moment).debtNanoseconds(now: self.latest)
            if debt == 0 { return place }
            if debt < least {
                least = debt
                found = place
            }
        }
        return found
    }
}
