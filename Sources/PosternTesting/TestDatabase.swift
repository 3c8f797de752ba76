internal import Glibc
internal import PosternModel
internal import PosternPostgres

/// The private PostgreSQL that `POSTERN_TEST_DATABASE` names, as its superuser.
package struct TestDatabase: Sendable {
    /// The superuser's connection string, in libpq's `keyword=value` form.
    package let address: String

    /// Reads the environment.
    ///
    /// - Throws: ``TestFailure/noDatabase`` when the variable is unset: a test without its database fails.
    package static func required() throws -> TestDatabase {
        guard let value = unsafe getenv("POSTERN_TEST_DATABASE") else { throw TestFailure.noDatabase }
        let address = unsafe String(cString: value)
        guard !address.isEmpty else { throw TestFailure.noDatabase }
        return TestDatabase(address: address)
    }

    /// Names a server by its superuser's connection string, such as a ``PrivateCluster``'s.
    package init(address: String) { self.address = address }

    /// Makes a fresh database; blocking, about a tenth of a second.
    ///
    /// - Parameter template: the connection string of a database to copy, to which nobody may be connected.
    /// - Returns: its connection string, as superuser.
    /// - Throws: a `PostgresError`, and ``TestFailure/tool(_:)`` for a template that is a URI.
    package func createDatabase(template: String? = nil) throws -> String {
        let name = "test_" + UniqueID.timeOrdered(at: .now()).description.filter { $0 != "-" }
        let source = try template.map { " TEMPLATE \"\(try Self.name(in: $0))\"" } ?? ""
        try self.run("CREATE DATABASE \"\(name)\"\(source)")
        return "\(self.address) dbname=\(name)"
    }

    /// Drops a database that ``createDatabase(template:)`` made, with all connections to it.
    package func dropDatabase(_ address: String) throws {
        try self.run("DROP DATABASE IF EXISTS \"\(try Self.name(in: address))\" WITH (FORCE)")
    }

    /// Makes a fresh database, lends its connection string, and drops it afterwards, whatever happens.
    package func withDatabase<Value>(
        template: String? = nil,
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        let address = try await onThread { try self.createDatabase(template: template) }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(address))
        } catch {
            outcome = .failure(error)
        }
        try await onThread { try self.dropDatabase(address) }
        return try outcome.get()
    }

    private func run(_ sql: String) throws {
        var connection = try Connection(ConnectionConfiguration(address: self.address, applicationName: "tests"))
        try connection.script(sql, within: .seconds(60))
    }

    private static func name(in address: String) throws -> Substring {
        guard let item = address.split(separator: " ").last(where: { $0.hasPrefix("dbname=") }) else {
            throw TestFailure.tool("no dbname= in \(address); URIs are not understood here")
        }
        return item.dropFirst("dbname=".count)
    }
}
