/// Version 7 identifiers of one maker (an event loop, a worker), each greater than the one before.
///
/// The bits below the microsecond are raised by one when the clock has not moved, so that what is made sorts by identifier
/// in the order it was made.
package struct UniqueIDSequence: Sendable {
    /// Milliseconds since 1970, with 12 bits of fraction below.
    private var last: UInt64 = 0
    /// The state of the generator of the random part: unique is enough, nobody relies on it being unguessable.
    private var seed: UInt64

    /// Starts before all time, with a random part that differs from every other sequence's.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.seed = generator.next()
    }

    /// The next identifier.
    package mutating func next(at time: Timestamp) -> UniqueID {
        self.last = max(UniqueID.ticks(at: time), self.last + 1)
        return UniqueID(ticks: self.last, random: self.random())
    }

    /// SplitMix64; asking the system for each event showed as 2 % of a consumer's time.
    ///
    /// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", figure 13.
    private mutating func random() -> UInt64 {
        self.seed &+= 0x9E37_79B9_7F4A_7C15
        var value = self.seed
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
