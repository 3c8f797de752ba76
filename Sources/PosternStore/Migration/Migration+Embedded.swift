internal import CPosternFiles

extension Migration {
    /// The migrations compiled into this program, in order.
    ///
    /// A new one is a new file and a line in `CPosternFiles/migrations.c`; nothing here changes.
    ///
    /// - Throws: ``MigrationError/malformedName(_:)``, ``MigrationError/gap(after:found:)`` and
    ///   ``MigrationError/digestFailed(_:)`` when that table is wrong, which a test rules out.
    package static func embedded() throws(MigrationError) -> [Migration] {
        var migrations: [Migration] = []
        for file in Self.files {
            migrations.append(try Migration(name: file.name, contents: file.contents))
        }
        try Self.checkOrder(migrations)
        return migrations
    }

    /// Refuses a list that does not count upwards from 1 without gaps.
    ///
    /// - Throws: ``MigrationError/gap(after:found:)``.
    package static func checkOrder(_ migrations: [Migration]) throws(MigrationError) {
        var last: Int32 = 0
        for migration in migrations {
            guard migration.number == last + 1 else { throw .gap(after: last, found: migration.number) }
            last = migration.number
        }
    }

    /// The only reader of the embedded table: pointers to static data, copied out at once.
    private static var files: [(name: String, contents: [UInt8])] {
        (0..<postern_migration_count).map { index in
            let file = unsafe postern_migration(index)
            return unsafe (
                String(cString: file.name),
                Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            )
        }
    }
}
