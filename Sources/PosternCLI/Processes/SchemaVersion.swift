internal import PosternStore

/// The schema this program works with.
enum SchemaVersion {
    /// The number of the last migration compiled in.
    ///
    /// - Throws: `MigrationError` for a broken build only.
    static var current: Int32 { get throws { try Migration.embedded().last?.number ?? 0 } }
}
