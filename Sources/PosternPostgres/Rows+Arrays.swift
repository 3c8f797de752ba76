package import PosternModel

// Arrays of one dimension; NULL elements and more dimensions are refused (22004, 2202E).
extension Rows {
    /// Reads a `boolean[]`.
    package func bools(_ row: Int, _ column: Int) throws(PostgresError) -> [Bool] {
        try self.array(row, column, "bools", [1000]) { bytes in
            BinaryForm.read(bytes, as: UInt8.self).map { $0 != 0 }
        }
    }
    /// Reads a `smallint[]`.
    package func int16s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int16] {
        try self.array(row, column, "int16s", [1005]) { BinaryForm.read($0, as: Int16.self) }
    }
    /// Reads an `integer[]`.
    package func int32s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int32] {
        try self.array(row, column, "int32s", [1007]) { BinaryForm.read($0, as: Int32.self) }
    }
    /// Reads a `bigint[]`.
    package func int64s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int64] {
        try self.array(row, column, "int64s", [1016]) { BinaryForm.read($0, as: Int64.self) }
    }
    /// Reads a `double precision[]`.
    package func float64s(_ row: Int, _ column: Int) throws(PostgresError) -> [Double] {
        try self.array(row, column, "float64s", [1022]) { bytes in
            BinaryForm.read(bytes, as: UInt64.self).map(Double.init(bitPattern:))
        }
    }
    /// Reads a `text[]`, `varchar[]` or `name[]`.
    package func texts(_ row: Int, _ column: Int) throws(PostgresError) -> [String] {
        try self.array(row, column, "texts", [1009, 1015, 1003]) { BinaryForm.readText($0) }
    }
    /// Reads a `bytea[]`.
    package func bytesList(_ row: Int, _ column: Int) throws(PostgresError) -> [[UInt8]] {
        try self.array(row, column, "bytesList", [1001]) { BinaryForm.readBytes($0) }
    }
    /// Reads a `jsonb[]` as UTF-8 texts.
    package func jsonbs(_ row: Int, _ column: Int) throws(PostgresError) -> [[UInt8]] {
        try self.array(row, column, "jsonbs", [3807]) { bytes in
            bytes.byteCount > 0 ? BinaryForm.readBytes(bytes.extracting(1...)) : nil
        }
    }
    /// Reads a `uuid[]`.
    package func uuids(_ row: Int, _ column: Int) throws(PostgresError) -> [UniqueID] {
        try self.array(row, column, "uuids", [2951]) { BinaryForm.readUniqueID($0) }
    }
    /// Reads a `uuid[]` as typed identifiers.
    package func ids<ID: TypedIdentifier>(
        _ row: Int,
        _ column: Int,
        as type: ID.Type = ID.self
    ) throws(PostgresError) -> [ID] {
        try self.array(row, column, "ids", [2951]) { BinaryForm.readUniqueID($0).map { ID($0) } }
    }
    /// Reads a `timestamptz[]`; infinite elements are refused (22008).
    package func timestamps(_ row: Int, _ column: Int) throws(PostgresError) -> [Timestamp] {
        try self.array(row, column, "timestamps", [1185]) { BinaryForm.readTimestamp($0) }
    }
    /// Reads a `date[]`; infinite elements are refused (22008).
    package func dates(_ row: Int, _ column: Int) throws(PostgresError) -> [CivilDate] {
        try self.array(row, column, "dates", [1182]) { BinaryForm.readDate($0) }
    }

    private func array<Element>(
        _ row: Int,
        _ column: Int,
        _ kind: StaticString,
        _ oids: [UInt32],
        _ read: (RawSpan) -> Element?
    ) throws(PostgresError) -> [Element] {
        try self.read(row, column, kind, oids) { bytes, _ throws(PostgresError) in
            do throws(BinaryForm.ArrayFault) {
                return try BinaryForm.readArray(bytes, read)
            } catch {
                switch error {
                case .malformed: throw self.refusal("22P03", row, column, "is not a whole array")
                case .dimensions: throw self.refusal("2202E", row, column, "has several dimensions")
                case .null(let position): throw self.refusal("22004", row, column, "holds NULL at \(position)")
                case .element(let position):
                    throw self.refusal("22008", row, column, "has no counterpart as \(kind) at \(position)")
                }
            }
        }
    }
}
