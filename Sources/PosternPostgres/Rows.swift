internal import CPostgres

/// What one statement gave back: rows in binary form, read by position and type.
///
/// Reading checks the column's type: a mismatch, NULL in a read that is not `…OrNil`, an infinite time and an array
/// with NULL elements or several dimensions are errors, never traps. Positions outside of the result are our own bugs
/// and trap.
package struct Rows: Sendable {
    /// Owns the `PGresult`, which is freed with the last copy of the rows.
    ///
    /// `@unchecked Sendable`: a `PGresult` is never changed after it was received, and libpq lets threads share it
    /// then.
    /// Source: PostgreSQL 15 manual, section 34.20, "Behavior in Threaded Programs".
    @safe private final class Storage: @unchecked Sendable {
        let result: OpaquePointer
        init(_ result: OpaquePointer) { unsafe self.result = result }
        deinit { unsafe PQclear(self.result) }
    }

    private let storage: Storage
    /// How many rows there are.
    package let count: Int
    /// How many columns each row has.
    package let columnCount: Int

    /// Takes over a result that ended well.
    init(adopting result: OpaquePointer) {
        unsafe self.count = Int(PQntuples(result))
        unsafe self.columnCount = Int(PQnfields(result))
        unsafe self.storage = Storage(result)
    }

    /// How many rows the statement inserted, updated, deleted, selected or moved; 0 for others.
    package var affected: Int { unsafe Int(String(cString: PQcmdTuples(self.storage.result))) ?? 0 }

    /// The server's name of what it did, such as `COMMIT`.
    var tag: String { unsafe String(cString: PQcmdStatus(self.storage.result)) }

    /// Whether the value is NULL.
    package func isNull(_ row: Int, _ column: Int) -> Bool {
        self.check(row, column)
        return unsafe PQgetisnull(self.storage.result, Int32(row), Int32(column)) == 1
    }

    /// Reads one value's binary form, or throws what is wrong with it.
    ///
    /// - Parameters:
    ///   - row: counted from 0.
    ///   - column: counted from 0.
    ///   - kind: the Swift-side type for messages.
    ///   - oids: the column types that can be read so.
    ///   - read: gets the bytes and the column's type; `nil` says that the value has no counterpart in Swift.
    /// - Returns: what `read` gave.
    /// - Throws: ``PostgresError/refused(sqlstate:message:)`` with 42804 (type), 22004 (NULL) or 22008 (no
    ///   counterpart).
    func read<Value>(
        _ row: Int,
        _ column: Int,
        _ kind: StaticString,
        _ oids: [UInt32],
        _ read: (RawSpan, UInt32) throws(PostgresError) -> Value?
    ) throws(PostgresError) -> Value {
        self.check(row, column)
        let oid = unsafe PQftype(self.storage.result, Int32(column))
        guard oids.contains(oid) else {
            throw self.refusal("42804", row, column, "of type \(oid), read as \(kind)")
        }
        guard unsafe PQgetisnull(self.storage.result, Int32(row), Int32(column)) == 0 else {
            throw self.refusal("22004", row, column, "is NULL, read as \(kind)")
        }
        let length = unsafe Int(PQgetlength(self.storage.result, Int32(row), Int32(column)))
        guard let pointer = unsafe PQgetvalue(self.storage.result, Int32(row), Int32(column)) else {
            throw self.refusal("22004", row, column, "has no value")
        }
        // The bytes live as long as the storage, which `self` holds over the call.
        let bytes = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(pointer), byteCount: length)
        guard let value = try read(bytes, oid) else {
            throw self.refusal("22008", row, column, "has no counterpart as \(kind): infinite, or cut short")
        }
        return value
    }

    /// An error about one value, naming the column.
    func refusal(_ sqlstate: String, _ row: Int, _ column: Int, _ what: String) -> PostgresError {
        let name = unsafe PQfname(self.storage.result, Int32(column))
        let text = if let name = unsafe name { unsafe String(cString: name) } else { "?" }
        return .refused(sqlstate: sqlstate, message: "column \(column) (\(text)) of row \(row) \(what)")
    }

    private func check(_ row: Int, _ column: Int) {
        precondition(
            row >= 0 && row < self.count && column >= 0 && column < self.columnCount,
            "row \(row), column \(column) of \(self.count) rows, \(self.columnCount) columns"
        )
    }
}
