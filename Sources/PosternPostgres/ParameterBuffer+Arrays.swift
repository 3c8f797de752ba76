package import PosternModel

// Every array has one dimension; elements may be NULL where an element type is optional.
extension ParameterBuffer {
    /// Appends a `boolean[]`.
    package mutating func append(_ values: [Bool]) {
        self.append(.boolArray, of: .bool, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `smallint[]`.
    package mutating func append(_ values: [Int16]) {
        self.append(.int16Array, of: .int16, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends an `integer[]`.
    package mutating func append(_ values: [Int32]) {
        self.append(.int32Array, of: .int32, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `bigint[]`.
    package mutating func append(_ values: [Int64]) {
        self.append(.int64Array, of: .int64, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `double precision[]`.
    package mutating func append(_ values: [Double]) {
        self.append(.float64Array, of: .float64, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `text[]`.
    package mutating func append(_ values: [String]) {
        self.append(.textArray, of: .text, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `uuid[]`.
    package mutating func append(_ values: [UniqueID]) {
        self.append(.uuidArray, of: .uuid, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends typed identifiers as `uuid[]`.
    package mutating func append<ID: TypedIdentifier>(_ values: [ID]) {
        self.append(.uuidArray, of: .uuid, values) { BinaryForm.write($0.id, to: &$1) }
    }
    /// Appends a `timestamptz[]`.
    package mutating func append(_ values: [Timestamp]) {
        self.append(.timestampArray, of: .timestamp, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `date[]`.
    package mutating func append(_ values: [CivilDate]) {
        self.append(.dateArray, of: .date, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `bytea[]`.
    package mutating func append(bytes values: [[UInt8]]) {
        self.append(.bytesArray, of: .bytes, values) { $1.append(contentsOf: $0) }
    }
    /// Appends a `jsonb[]` from UTF-8 texts.
    package mutating func append(jsonb values: [[UInt8]]) {
        self.append(.jsonbArray, of: .jsonb, values) { value, arena in
            arena.append(BinaryForm.jsonbVersion)
            arena.append(contentsOf: value)
        }
    }

    /// Appends a `bigint[]` that may hold NULL.
    package mutating func append(_ values: [Int64?]) {
        self.append(.int64Array, of: .int64, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends an `integer[]` that may hold NULL.
    package mutating func append(_ values: [Int32?]) {
        self.append(.int32Array, of: .int32, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `text[]` that may hold NULL.
    package mutating func append(_ values: [String?]) {
        self.append(.textArray, of: .text, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `uuid[]` that may hold NULL.
    package mutating func append(_ values: [UniqueID?]) {
        self.append(.uuidArray, of: .uuid, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends typed identifiers as a `uuid[]` that may hold NULL.
    package mutating func append<ID: TypedIdentifier>(_ values: [ID?]) {
        self.append(.uuidArray, of: .uuid, values) { BinaryForm.write($0.id, to: &$1) }
    }
    /// Appends a `timestamptz[]` that may hold NULL.
    package mutating func append(_ values: [Timestamp?]) {
        self.append(.timestampArray, of: .timestamp, values) { BinaryForm.write($0, to: &$1) }
    }
    /// Appends a `bytea[]` that may hold NULL.
    package mutating func append(bytes values: [[UInt8]?]) {
        self.append(.bytesArray, of: .bytes, values) { $1.append(contentsOf: $0) }
    }
    /// Appends a `jsonb[]` from UTF-8 texts; `nil` is SQL NULL.
    package mutating func append(jsonb values: [[UInt8]?]) {
        self.append(.jsonbArray, of: .jsonb, values) { value, arena in
            arena.append(BinaryForm.jsonbVersion)
            arena.append(contentsOf: value)
        }
    }

    private mutating func append<Element>(
        _ type: PostgresType,
        of element: PostgresType,
        _ values: [Element],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        self.append(type) { arena in
            BinaryForm.writeArrayHeader(element, count: values.count, hasNull: false, to: &arena)
            for value in values { BinaryForm.writeElement(to: &arena) { write(value, &$0) } }
        }
    }

    private mutating func append<Element>(
        _ type: PostgresType,
        of element: PostgresType,
        _ values: [Element?],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        self.append(type) { arena in
            BinaryForm.writeArrayHeader(
                element,
                count: values.count,
                hasNull: values.contains { $0 == nil },
                to: &arena
            )
            for value in values {
                if let value {
                    BinaryForm.writeElement(to: &arena) { write(value, &$0) }
                } else {
                    BinaryForm.write(Int32(-1), to: &arena)
                }
            }
        }
    }
}
