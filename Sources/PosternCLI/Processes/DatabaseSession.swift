internal import PosternPostgres

/// One connection for one command.
enum DatabaseSession {
    /// Connects, runs `work` on a thread of its own, and disconnects.
    ///
    /// - Throws: what `work` throws; ``CommandFailure`` when the database cannot be reached.
    static func run<Value: Sendable>(
        address: String,
        _ work: @escaping @Sendable (inout Connection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            _ = ConnectionThread.start(name: "command") {
                continuation.resume(with: Self.result(address: address, work))
            }
        }
    }

    /// Connects and runs `work`.
    ///
    /// Blocking: a thread of its own.
    private static func result<Value: Sendable>(
        address: String,
        _ work: @Sendable (inout Connection) throws -> Value
    ) -> Result<Value, any Error> {
        let configuration = ConnectionConfiguration(address: address, applicationName: "postern command")
        do {
            var connection = try Connection(configuration)
            return Result { try work(&connection) }.mapError(Self.explain)
        } catch {
            return .failure(Self.explain(error))
        }
    }

    private static func explain(_ error: any Error) -> any Error {
        guard let error = error as? PostgresError else { return error }
        return Self.explain(error)
    }

    /// What a failure of the database means to the person at the command line.
    static func explain(_ error: PostgresError) -> CommandFailure {
        switch error {
        case .unreachable(let reason):
            CommandFailure(
                code: "database_unreachable",
                message: "the database does not answer: \(reason); start it, or check POSTERN_DATABASE"
            )
        case .refused(sqlstate: "42501", let message):
            CommandFailure(
                code: "permission_denied",
                message: "the role may not do that: \(message); check the user in POSTERN_DATABASE"
            )
        case .refused(sqlstate: "3F000", let message), .refused(sqlstate: "42P01", let message):
            CommandFailure(code: "not_migrated", message: "the schema is not there: \(message); run 'postern migrate'")
        case .refused, .retry, .conflict, .deadline:
            CommandFailure(code: "database_error", message: "\(error)")
        }
    }
}
