package import PosternModel

extension Rows {
    /// Reads a `boolean`, `nil` for NULL.
    package func boolOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Bool? {
        self.isNull(row, column) ? nil : try self.bool(row, column)
    }
    /// Reads a `smallint`, `nil` for NULL.
    package func int16OrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Int16? {
        self.isNull(row, column) ? nil : try self.int16(row, column)
    }
    /// Reads an `integer` or smaller, `nil` for NULL.
    package func int32OrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Int32? {
        self.isNull(row, column) ? nil : try self.int32(row, column)
    }
    /// Reads a `bigint` or smaller, `nil` for NULL.
    package func int64OrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Int64? {
        self.isNull(row, column) ? nil : try self.int64(row, column)
    }
    /// Reads a `double precision` or `real`, `nil` for NULL.
    package func float64OrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Double? {
        self.isNull(row, column) ? nil : try self.float64(row, column)
    }
    /// Reads a text, `nil` for NULL.
    package func textOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> String? {
        self.isNull(row, column) ? nil : try self.text(row, column)
    }
    /// Copies a `bytea`, a text, or the text of a `json` or `jsonb`; `nil` for NULL.
    package func bytesOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> [UInt8]? {
        self.isNull(row, column) ? nil : try self.bytes(row, column)
    }
    /// Reads a `uuid`, `nil` for NULL.
    package func uuidOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> UniqueID? {
        self.isNull(row, column) ? nil : try self.uuid(row, column)
    }
    /// Reads a `uuid` as a typed identifier, `nil` for NULL.
    package func idOrNil<ID: TypedIdentifier>(
        _ row: Int,
        _ column: Int,
        as type: ID.Type = ID.self
    ) throws(PostgresError) -> ID? {
        self.isNull(row, column) ? nil : ID(try self.uuid(row, column))
    }
    /// Reads a `timestamptz`, `nil` for NULL.
    package func timestampOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> Timestamp? {
        self.isNull(row, column) ? nil : try self.timestamp(row, column)
    }
    /// Reads a `date`, `nil` for NULL.
    package func dateOrNil(_ row: Int, _ column: Int) throws(PostgresError) -> CivilDate? {
        self.isNull(row, column) ? nil : try self.date(row, column)
    }
}
