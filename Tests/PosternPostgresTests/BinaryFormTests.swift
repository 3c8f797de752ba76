import PosternModel
import PosternPostgres
import Testing

@Suite struct BinaryFormTests {
    private func array(_ values: [Int64]) -> [UInt8] {
        var arena: [UInt8] = []
        BinaryForm.writeArrayHeader(.int64, count: values.count, hasNull: false, to: &arena)
        for value in values { BinaryForm.writeElement(to: &arena) { BinaryForm.write(value, to: &$0) } }
        return arena
    }

    private func read(_ bytes: [UInt8]) throws -> [Int64] {
        try BinaryForm.readArray(unsafe bytes.span.bytes) { BinaryForm.read($0, as: Int64.self) }
    }

    @Test func `an array cut short anywhere is malformed`() throws {
        let whole = self.array([1, -2, 3])
        #expect(try self.read(whole) == [1, -2, 3])
        for length in 0..<whole.count {
            #expect(throws: BinaryForm.ArrayFault.malformed) { try self.read(Array(whole.prefix(length))) }
        }
    }

    @Test func `a length that the bytes cannot hold is malformed, not an allocation`() throws {
        var bytes = self.array([1])
        bytes.replaceSubrange(12..<16, with: [0x7F, 0xFF, 0xFF, 0xFF])
        #expect(throws: BinaryForm.ArrayFault.malformed) { try self.read(bytes) }
        bytes.replaceSubrange(12..<16, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: BinaryForm.ArrayFault.malformed) { try self.read(bytes) }
    }

    @Test func `an element of a wrong size is named by its position`() throws {
        var arena: [UInt8] = []
        BinaryForm.writeArrayHeader(.int64, count: 2, hasNull: false, to: &arena)
        BinaryForm.writeElement(to: &arena) { BinaryForm.write(Int64(1), to: &$0) }
        BinaryForm.writeElement(to: &arena) { BinaryForm.write(Int32(1), to: &$0) }
        #expect(throws: BinaryForm.ArrayFault.element(position: 1)) { try self.read(arena) }
    }

    @Test(arguments: [0, 1, 7, 9, 16])
    func `a scalar of a wrong size is nothing`(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        let number = BinaryForm.read(unsafe bytes.span.bytes, as: Int64.self)
        #expect(number == nil)
        let time = BinaryForm.readTimestamp(unsafe bytes.span.bytes)
        #expect(time == nil)
    }

    @Test(arguments: [0, 8, 15, 17])
    func `an identifier has 16 bytes`(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        let id = BinaryForm.readUniqueID(unsafe bytes.span.bytes)
        #expect(id == nil)
    }

    private static let times: [(Int64, Int64?)] = [
        (Int64.max, nil), (Int64.min, nil), (Int64.max - 1, nil), (0, 946_684_800_000_000),
        (Int64.max - 946_684_800_000_000, Int64.max), (Int64.max - 946_684_799_999_999, nil),
    ]

    @Test(arguments: Self.times)
    func `a timestamp that Swift cannot hold is nothing`(stored: Int64, microseconds: Int64?) {
        var bytes: [UInt8] = []
        BinaryForm.write(stored, to: &bytes)
        let time = BinaryForm.readTimestamp(unsafe bytes.span.bytes)
        #expect(time?.microseconds == microseconds)
    }
}
