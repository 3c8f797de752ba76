package import PosternModel

/// The values of one statement's parameters, in PostgreSQL's binary form, in one contiguous arena.
///
/// Reusable: after ``removeAll(keepingCapacity:)`` the memory stays, so a loop that sends batches of one shape
/// allocates nothing once it has seen its largest batch. The text and bytes appended are copied once, into the arena.
package struct ParameterBuffer: ~Copyable, Sendable {
    /// All values one after the other; the first byte is padding, so that an empty value has an address too.
    private(set) var arena: [UInt8]
    /// Where each value begins in the arena; −1 is NULL.
    private(set) var offsets: [Int]
    /// How long each value is, in bytes.
    private(set) var lengths: [Int32]
    /// Each value's ``PostgresType``, to be checked against the statement; 0 is NULL.
    private(set) var tags: [UInt8]

    /// Makes an empty buffer.
    package init() {
        self.arena = [0]
        self.offsets = []
        self.lengths = []
        self.tags = []
    }

    /// Makes an empty buffer with room for `parameters` values of together `bytes` bytes.
    package init(parameters: Int, bytes: Int) {
        self.init()
        self.arena.reserveCapacity(bytes + 1)
        self.offsets.reserveCapacity(parameters)
        self.lengths.reserveCapacity(parameters)
        self.tags.reserveCapacity(parameters)
    }

    /// How many values were appended.
    package var count: Int { self.offsets.count }

    /// How many bytes the values take.
    package var byteCount: Int { self.arena.count - 1 }

    /// Forgets all values.
    package mutating func removeAll(keepingCapacity: Bool = true) {
        self.arena.removeAll(keepingCapacity: keepingCapacity)
        self.arena.append(0)
        self.offsets.removeAll(keepingCapacity: keepingCapacity)
        self.lengths.removeAll(keepingCapacity: keepingCapacity)
        self.tags.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Appends NULL, which fits every declared type.
    package mutating func appendNull() {
        self.offsets.append(-1)
        self.lengths.append(0)
        self.tags.append(0)
    }

    /// Appends one value of `type`, which `write` puts at the end of the arena.
    mutating func append(_ type: PostgresType, _ write: (inout [UInt8]) -> Void) {
        let start = self.arena.count
        write(&self.arena)
        let length = self.arena.count - start
        precondition(
            length <= Int(Int32.max),
            "parameter \(self.count + 1) has \(length) bytes, PostgreSQL takes 2^31-1"
        )
        self.offsets.append(start)
        self.lengths.append(Int32(length))
        self.tags.append(type.rawValue)
    }

    /// Appends a `boolean`.
    package mutating func append(_ value: Bool) { self.append(.bool) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `smallint`.
    package mutating func append(_ value: Int16) { self.append(.int16) { BinaryForm.write(value, to: &$0) } }
    /// Appends an `integer`.
    package mutating func append(_ value: Int32) { self.append(.int32) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `bigint`.
    package mutating func append(_ value: Int64) { self.append(.int64) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `double precision`.
    package mutating func append(_ value: Double) { self.append(.float64) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `text`; PostgreSQL refuses U+0000 in it (22021).
    package mutating func append(_ value: String) { self.append(.text) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `uuid`.
    package mutating func append(_ value: UniqueID) { self.append(.uuid) { BinaryForm.write(value, to: &$0) } }
    /// Appends a typed identifier as `uuid`.
    package mutating func append(_ value: some TypedIdentifier) { self.append(value.id) }
    /// Appends a `timestamptz`; PostgreSQL refuses what lies outside of its range (22008).
    package mutating func append(_ value: Timestamp) { self.append(.timestamp) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `date`; PostgreSQL refuses what lies outside of its range (22008).
    package mutating func append(_ value: CivilDate) { self.append(.date) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `bytea`.
    package mutating func append(bytes value: RawSpan) { self.append(.bytes) { BinaryForm.write(value, to: &$0) } }
    /// Appends a `bytea`.
    package mutating func append(bytes value: [UInt8]) { self.append(.bytes) { $0.append(contentsOf: value) } }
    /// Appends a `jsonb` from its UTF-8 text; PostgreSQL refuses what is not JSON (22P02).
    package mutating func append(jsonb value: RawSpan) {
        self.append(.jsonb) { arena in
            arena.append(BinaryForm.jsonbVersion)
            BinaryForm.write(value, to: &arena)
        }
    }
    /// Appends a `jsonb` from its UTF-8 text; PostgreSQL refuses what is not JSON (22P02).
    package mutating func append(jsonb value: [UInt8]) {
        self.append(.jsonb) { arena in
            arena.append(BinaryForm.jsonbVersion)
            arena.append(contentsOf: value)
        }
    }
}
