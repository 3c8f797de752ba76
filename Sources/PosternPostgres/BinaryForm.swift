package import PosternModel

/// PostgreSQL's binary form of each type: what the `…_send` functions write and the `…_recv` functions read.
///
/// Source: PostgreSQL 15, src/backend/utils/adt: int.c, float.c, uuid.c, timestamp.c, date.c, jsonb.c, arrayfuncs.c.
package enum BinaryForm {
    /// The first byte of every binary `jsonb`.
    package static let jsonbVersion: UInt8 = 1
    /// 2000-01-01, where PostgreSQL's time begins, in microseconds since 1970.
    package static let epochMicroseconds: Int64 = 946_684_800_000_000
    /// The same in days since 1970.
    package static let epochDays: Int64 = 10_957

    /// Writes an integer, most significant byte first.
    package static func write(_ value: some FixedWidthInteger, to arena: inout [UInt8]) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe arena.append(contentsOf: $0) }
    }

    /// Writes a truth value: one byte.
    package static func write(_ value: Bool, to arena: inout [UInt8]) { arena.append(value ? 1 : 0) }

    /// Writes an IEEE 754 number.
    package static func write(_ value: Double, to arena: inout [UInt8]) { Self.write(value.bitPattern, to: &arena) }

    /// Writes UTF-8.
    package static func write(_ value: String, to arena: inout [UInt8]) { arena.append(contentsOf: value.utf8) }

    /// Writes bytes as they are.
    package static func write(_ value: RawSpan, to arena: inout [UInt8]) {
        unsafe value.withUnsafeBytes { unsafe arena.append(contentsOf: $0) }
    }

    /// Writes 16 bytes.
    package static func write(_ value: UniqueID, to arena: inout [UInt8]) {
        Self.write(value.high, to: &arena)
        Self.write(value.low, to: &arena)
    }

    /// Writes microseconds since 2000.
    ///
    /// What would overflow becomes the value next to −infinity, which PostgreSQL refuses as out of range; infinity
    /// itself cannot be written.
    package static func write(_ value: Timestamp, to arena: inout [UInt8]) {
        let (shifted, overflow) = value.microseconds.subtractingReportingOverflow(Self.epochMicroseconds)
        Self.write(overflow || shifted == .min ? .min + 1 : shifted, to: &arena)
    }

    /// Writes days since 2000; what does not fit becomes a day that PostgreSQL refuses as out of range.
    package static func write(_ value: CivilDate, to arena: inout [UInt8]) {
        let (shifted, overflow) = value.daysSince1970.subtractingReportingOverflow(Self.epochDays)
        let fits = !overflow && shifted > Int64(Int32.min) && shifted < Int64(Int32.max)
        Self.write(fits ? Int32(truncatingIfNeeded: shifted) : Int32.min + 1, to: &arena)
    }

    /// Reads an integer, most significant byte first; `nil` when the length is another.
    package static func read<Value: FixedWidthInteger & BitwiseCopyable>(_ bytes: RawSpan, as type: Value.Type)
        -> Value?
    {
        guard bytes.byteCount == MemoryLayout<Value>.size else { return nil }
        return Value(bigEndian: unsafe bytes.unsafeLoadUnaligned(as: Value.self))
    }

    /// Reads 16 bytes; `nil` when there are more or fewer.
    package static func readUniqueID(_ bytes: RawSpan) -> UniqueID? {
        guard bytes.byteCount == 16,
            let high = Self.read(bytes.extracting(0..<8), as: UInt64.self),
            let low = Self.read(bytes.extracting(8..<16), as: UInt64.self)
        else { return nil }
        return UniqueID(high: high, low: low)
    }

    /// Reads microseconds since 2000; `nil` for ±infinity and for another length.
    package static func readTimestamp(_ bytes: RawSpan) -> Timestamp? {
        guard let shifted = Self.read(bytes, as: Int64.self), shifted != .max, shifted != .min else { return nil }
        let (microseconds, overflow) = shifted.addingReportingOverflow(Self.epochMicroseconds)
        return overflow ? nil : Timestamp(microseconds: microseconds)
    }

    /// Reads days since 2000; `nil` for ±infinity and for another length.
    package static func readDate(_ bytes: RawSpan) -> CivilDate? {
        guard let shifted = Self.read(bytes, as: Int32.self), shifted != .max, shifted != .min else { return nil }
        return CivilDate(daysSince1970: Int64(shifted) + Self.epochDays)
    }

    /// Reads UTF-8, which the server has checked.
    package static func readText(_ bytes: RawSpan) -> String {
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Copies bytes.
    package static func readBytes(_ bytes: RawSpan) -> [UInt8] { unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
}
