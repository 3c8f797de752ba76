/// A 128-bit identifier, written and stored as a UUID.
///
/// Source: RFC 9562, section 4 (layout and text form) and section 5.7 (version 7).
package struct UniqueID: Hashable, Sendable, Comparable {
    /// The first eight bytes, most significant first.
    package let high: UInt64
    /// The last eight bytes, most significant first.
    package let low: UInt64

    /// Joins the two halves of an identifier.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a version 7 identifier: ordered by `time` to the microsecond, random below.
    ///
    /// Source: RFC 9562, section 6.2, method 3.
    package static func timeOrdered(
        at time: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> UniqueID {
        UniqueID(ticks: Self.ticks(at: time), random: generator.next())
    }

    /// Makes a version 7 identifier for `time` with the system's random numbers.
    package static func timeOrdered(at time: Timestamp) -> UniqueID {
        var generator = SystemRandomNumberGenerator()
        return Self.timeOrdered(at: time, using: &generator)
    }

    /// What stands before the random part of a version 7 identifier: milliseconds since 1970, and below them 12 bits of
    /// the millisecond's fraction, enough to tell microseconds apart.
    static func ticks(at time: Timestamp) -> UInt64 {
        let microseconds = UInt64(max(0, time.microseconds))
        return (microseconds / 1000) << 12 | (microseconds % 1000) * 4096 / 1000
    }

    /// A version 7 identifier of its time, as ``ticks(at:)`` gives it, and of the upper 62 bits of a random number.
    init(ticks: UInt64, random: UInt64) {
        self.init(
            high: (ticks >> 12) << 16 | 0x7000 | (ticks & 0xFFF),
            low: 0x8000_0000_0000_0000 | (random >> 2)
        )
    }

    /// The time a version 7 identifier carries, to the millisecond.
    package var embeddedTime: Timestamp {
        Timestamp(microseconds: Int64(self.high >> 16) * 1000)
    }

    package static func < (left: UniqueID, right: UniqueID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension UniqueID: CustomStringConvertible {
    /// Reads the 36-character text form, in either case.
    ///
    /// Returns `nil` for anything else: braces, missing hyphens and other lengths are refused.
    package init?(_ text: some StringProtocol) {
        var nibbles = 0
        var high: UInt64 = 0
        var low: UInt64 = 0
        var position = 0
        for byte in text.utf8 {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard nibbles < 32, let value = Hexadecimal.value(of: byte) else { return nil }
            if nibbles < 16 {
                high = high << 4 | UInt64(value)
            } else {
                low = low << 4 | UInt64(value)
            }
            nibbles += 1
        }
        guard nibbles == 32, position == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// The lowercase text form, 36 characters.
    package var description: String {
        let text = self.text
        return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }

    /// The bytes of the text form, without an allocation.
    package var text: InlineArray<36, UInt8> {
        var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        var position = 0
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { position += 1 }
            let half = nibble < 16 ? self.high : self.low
            text[position] = Hexadecimal.digit(of: UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (nibble & 15))))
            position += 1
        }
        return text
    }
}
