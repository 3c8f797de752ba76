package import PosternModel

extension Rows {
    /// Reads a `boolean`.
    package func bool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool {
        try self.read(row, column, "bool", [16]) { bytes, _ in BinaryForm.read(bytes, as: UInt8.self).map { $0 != 0 } }
    }
    /// Reads a `smallint`.
    package func int16(_ row: Int, _ column: Int) throws(PostgresError) -> Int16 {
        try self.read(row, column, "int16", [21]) { bytes, _ in BinaryForm.read(bytes, as: Int16.self) }
    }
    /// Reads an `integer` or a `smallint`.
    package func int32(_ row: Int, _ column: Int) throws(PostgresError) -> Int32 {
        try self.read(row, column, "int32", [23, 21]) { bytes, oid in
            oid == 21 ? BinaryForm.read(bytes, as: Int16.self).map(Int32.init) : BinaryForm.read(bytes, as: Int32.self)
        }
    }
    /// Reads a `bigint`, an `integer`, a `smallint` or an `oid`.
    package func int64(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 {
        try self.read(row, column, "int64", [20, 23, 21, 26]) { bytes, oid in
            switch oid {
            case 21: BinaryForm.read(bytes, as: Int16.self).map(Int64.init)
            case 23: BinaryForm.read(bytes, as: Int32.self).map(Int64.init)
            case 26: BinaryForm.read(bytes, as: UInt32.self).map(Int64.init)
            default: BinaryForm.read(bytes, as: Int64.self)
            }
        }
    }
    /// Reads a `double precision` or a `real`.
    package func float64(_ row: Int, _ column: Int) throws(PostgresError) -> Double {
        try self.read(row, column, "float64", [701, 700]) { bytes, oid in
            oid == 700
                ? BinaryForm.read(bytes, as: UInt32.self).map { Double(Float(bitPattern: $0)) }
                : BinaryForm.read(bytes, as: UInt64.self).map(Double.init(bitPattern:))
        }
    }
    /// Reads a `text`, `varchar`, `char(n)`, `name`, `"char"` or `json`.
    package func text(_ row: Int, _ column: Int) throws(PostgresError) -> String {
        try self.read(row, column, "text", Self.textTypes) { bytes, _ in BinaryForm.readText(bytes) }
    }
    /// Copies a `bytea`, a text, or the UTF-8 text of a `json` or `jsonb`.
    package func bytes(_ row: Int, _ column: Int) throws(PostgresError) -> [UInt8] {
        try self.withBytes(row, column) { bytes in BinaryForm.readBytes(bytes) }
    }
    /// Lends a `bytea`, a text, or the UTF-8 text of a `json` or `jsonb`, without copying.
    package func withBytes<Value>(
        _ row: Int,
        _ column: Int,
        _ body: (RawSpan) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        try self.read(row, column, "bytes", Self.byteTypes) { bytes, oid throws(PostgresError) in
            guard oid == 3802 else { return try body(bytes) }
            guard bytes.byteCount > 0 else { return nil }
            return try body(bytes.extracting(1...))
        }
    }
    /// Reads a `uuid`.
    package func uuid(_ row: Int, _ column: Int) throws(PostgresError) -> UniqueID {
        try self.read(row, column, "uuid", [2950]) { bytes, _ in BinaryForm.readUniqueID(bytes) }
    }
    /// Reads a `uuid` as a typed identifier.
    package func id<ID: TypedIdentifier>(
        _ row: Int,
        _ column: Int,
        as type: ID.Type = ID.self
    ) throws(PostgresError) -> ID {
        ID(try self.uuid(row, column))
    }
    /// Reads a `timestamptz`; an infinite one is refused (22008).
    package func timestamp(_ row: Int, _ column: Int) throws(PostgresError) -> Timestamp {
        try self.read(row, column, "timestamp", [1184]) { bytes, _ in BinaryForm.readTimestamp(bytes) }
    }
    /// Reads a `date`; an infinite one is refused (22008).
    package func date(_ row: Int, _ column: Int) throws(PostgresError) -> CivilDate {
        try self.read(row, column, "date", [1082]) { bytes, _ in BinaryForm.readDate(bytes) }
    }

    private static let textTypes: [UInt32] = [25, 1043, 1042, 19, 18, 114]
    private static let byteTypes: [UInt32] = [17, 3802, 25, 1043, 1042, 19, 18, 114]
}
