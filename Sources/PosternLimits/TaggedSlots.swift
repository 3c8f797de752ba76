/// A table of fixed size from keys to moments: sets of eight slots, one flat array made once.
///
/// A slot holds 64 bits of the key's hash (the *tag*) instead of the key. Hashes are seeded for the process and for the
/// table, so nobody outside can aim for a collision. By chance, a key new to a table of 65,536 live entries meets a
/// foreign tag once in 2.8 × 10^14 times; the two keys then share an entry.
struct TaggedSlots: ~Copyable, Sendable {
    /// One entry, or a free place if its moment is ``free``.
    struct Slot: Sendable {
        /// The key's hash.
        var tag: UInt64
        /// What the table remembers for the key.
        var moment: Int64
    }

    /// Slots in a set: a key has this many places and no others.
    static let ways = 8
    /// The most slots a table has: 256 MiB.
    static let capacityLimit = 1 << 24
    /// The moment of a slot that holds nothing.
    static let free = Int64.min

    private var slots: [Slot]
    private let seed: UInt64
    private let setMask: UInt64

    /// Makes an empty table; the capacity is rounded up to a power of two from 8 to ``capacityLimit``.
    init(capacity: Int) {
        var rounded = Self.ways
        while rounded < min(capacity, Self.capacityLimit) { rounded *= 2 }
        self.slots = Array(repeating: Slot(tag: 0, moment: Self.free), count: rounded)
        self.seed = UInt64.random(in: .min ... .max)
        self.setMask = UInt64(rounded / Self.ways - 1)
    }

    /// How many slots there are.
    var capacity: Int { self.slots.count }

    /// Computes the tag of a key.
    func tag(of key: some Hashable) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(self.seed)
        hasher.combine(key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The places a tag may have.
    func places(of tag: UInt64) -> Range<Int> {
        let first = Int(tag & self.setMask) * Self.ways
        return first..<first + Self.ways
    }

    /// Finds the place of a tag.
    func place(of tag: UInt64) -> Int? {
        self.places(of: tag).first { self.slots[$0].tag == tag && self.slots[$0].moment != Self.free }
    }

    /// The slot at a place.
    subscript(place: Int) -> Slot {
        get { self.slots[place] }
        set { self.slots[place] = newValue }
    }
}
