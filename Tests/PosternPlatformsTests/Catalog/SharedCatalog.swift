import PosternPlatforms

/// The built-in definitions, compiled once for all tests.
enum SharedCatalog {
    private static let loaded = Result { try PlatformCatalog.load() }

    /// The catalog, or the error of the definition that does not compile.
    static func get() throws -> PlatformCatalog { try Self.loaded.get() }
}
