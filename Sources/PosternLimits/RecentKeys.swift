/// Which keys were seen lately, in fixed memory: each is remembered until a time of its own.
///
/// Nothing is allocated after `init`. A key has eight possible slots; if all are taken by other keys, the one that would
/// be forgotten first leaves. Forgetting early is what a full table does, so a caller must be able to live with it.
package struct RecentKeys<Key: Hashable & Sendable>: ~Copyable, Sendable {
    private var slots: TaggedSlots

    /// Makes an empty table.
    ///
    /// - Parameter capacity: how many keys; rounded up to a power of two from 8 to 16,777,216.
    package init(capacity: Int) { self.slots = TaggedSlots(capacity: capacity) }

    /// Bytes of memory for one entry, whatever the key.
    package static var bytesPerEntry: Int { MemoryLayout<TaggedSlots.Slot>.stride }

    /// How many keys can be remembered at once.
    package var capacity: Int { self.slots.capacity }

    /// Remembers a key until a time; if it is remembered for longer already, that stays.
    package mutating func insert(_ key: Key, until: Int64) {
        let tag = self.slots.tag(of: key)
        if let place = self.slots.place(of: tag) {
            self.slots[place].moment = max(self.slots[place].moment, until)
            return
        }
        let places = self.slots.places(of: tag)
        var found = places.lowerBound
        for place in places where self.slots[place].moment < self.slots[found].moment { found = place }
        self.slots[found] = TaggedSlots.Slot(tag: tag, moment: until)
    }

    /// Says whether a key is remembered: `now` is before the time it was inserted with.
    package func contains(_ key: Key, now: Int64) -> Bool {
        guard let place = self.slots.place(of: self.slots.tag(of: key)) else { return false }
        return now < self.slots[place].moment
    }
}
