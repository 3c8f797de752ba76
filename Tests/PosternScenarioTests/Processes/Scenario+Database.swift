extension Scenario {
    /// Makes the database refuse everybody but us, as a server that is away does; other databases stay as they are.
    func takeDatabaseAway() async throws {
        try await self.outside("ALTER DATABASE \(self.databaseName) ALLOW_CONNECTIONS false")
        try await self.outside(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(self.databaseName)'"
        )
    }

    /// Takes that back.
    func bringDatabaseBack() async throws {
        try await self.outside("ALTER DATABASE \(self.databaseName) ALLOW_CONNECTIONS true")
    }

    private var databaseName: Substring {
        self.tables.address.split(separator: " ").last { $0.hasPrefix("dbname=") }?.dropFirst("dbname=".count) ?? ""
    }

    private func outside(_ sql: String) async throws {
        try await Tables(address: self.tables.address + " dbname=postgres").script(sql)
    }
}
