internal import PosternModel

/// A PostgreSQL server of one test's own, for what must not happen to a shared one: crashes, restarts, settings.
///
/// Runs `.ci/postgres`. Call ``remove()`` at the end.
package final class PrivateCluster: Sendable {
    /// The superuser's connection string.
    package let address: String
    /// Where its data and its socket lie.
    package let directory: String

    private init(address: String, directory: String) {
        self.address = address
        self.directory = directory
    }

    /// Makes and starts a server in a temporary directory.
    package static func start() async throws -> PrivateCluster {
        // Short, because a socket's path has 107 bytes at most.
        let name = UniqueID.timeOrdered(at: .now()).description.filter { $0 != "-" }
        let directory = "/tmp/pg-\(name)"
        let address = try await Self.script("start", directory)
        return PrivateCluster(address: address, directory: directory)
    }

    /// Makes a server, lends it, and removes it afterwards, whatever happens.
    package static func with<Value>(_ body: (PrivateCluster) async throws -> Value) async throws -> Value {
        let cluster = try await Self.start()
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(cluster))
        } catch {
            outcome = .failure(error)
        }
        try await cluster.remove()
        return try outcome.get()
    }

    /// Kills every process of the server with SIGKILL, as a power cut would.
    package func killAll() async throws { _ = try await Self.script("kill", self.directory) }

    /// Starts a server that was halted or killed.
    package func resume() async throws { _ = try await Self.script("start", self.directory) }

    /// Stops the server (fast: connections are ended) and keeps its data.
    package func halt() async throws { _ = try await Self.script("halt", self.directory) }

    /// Stops the server if it runs, and starts it again.
    package func restart() async throws { _ = try await Self.script("restart", self.directory) }

    /// Stops the server and removes its data.
    package func remove() async throws { _ = try await Self.script("stop", self.directory) }

    private static func script(_ verb: String, _ directory: String) async throws -> String {
        let path = try RepositoryRoot.path() + "/.ci/postgres"
        return try await onThread { try Command.run(path, [verb, directory]) }
    }
}
