internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import PosternCrypto
internal import PosternPostgres
internal import PosternStore

/// A session of the operator's role, whose acts are in the audit log.
struct AdministrationOptions: ParsableArguments {
    @OptionGroup var process: ProcessOptions

    static let limit: Duration = .seconds(30)

    /// Runs `act` with a connection.
    ///
    /// `sealing`: whether secrets are sealed or opened, so that the key file is needed.
    /// Throws ``CommandFailure``.
    func run<Value: Sendable>(
        sealing: Bool = false,
        _ act: @escaping @Sendable (Administration, inout Connection) throws -> Value
    ) async throws -> Value {
        let settings = try await self.process.settings()
        let data = self.process.dataDirectory
        let keyring = sealing ? try KeyFile.read(settings.keyFile(dataDirectory: data)) : nil
        let address = try settings.database(role: "operator", dataDirectory: data)
        return try await Self.run(address: address, keyring: keyring, act)
    }

    /// Runs `act` against a database that is known already.
    static func run<Value: Sendable>(
        address: String,
        keyring: SealingKeyring?,
        _ act: @escaping @Sendable (Administration, inout Connection) throws -> Value
    ) async throws -> Value {
        let administration = Administration(author: Self.author, sealing: keyring)
        do {
            return try await DatabaseSession.run(address: address) { connection in
                try act(administration, &connection)
            }
        } catch ConfigurationError.database(let cause) {
            throw DatabaseSession.explain(cause)
        } catch let error as ConfigurationError {
            throw CommandFailure(code: error.code, message: error.description)
        }
    }

    private static var author: Author {
        let environment = ProcessInfo.processInfo.environment
        let named = [environment["USER"], environment["LOGNAME"]].compactMap(\.self).first { !$0.isEmpty }
        let user = named ?? Self.accountName ?? "uid \(getuid())"
        return Author(who: "cli:\(user)", origin: "cli \(ProcessInfo.processInfo.hostName)")
    }

    /// What the system calls the user of this process; containers and services often have no variable that tells.
    private static var accountName: String? {
        guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else { return nil }
        return unsafe String(cString: name)
    }
}
