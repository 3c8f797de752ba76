internal import ArgumentParser
internal import FoundationEssentials
internal import Logging
internal import PosternOperations
internal import PosternSettings
internal import PosternTelemetry

/// What every command that talks to the database or runs a process can be told.
struct ProcessOptions: ParsableArguments {
    @Option(help: "The YAML file with settings (POSTERN_CONFIG).") var config: String?
    @Option(help: "The data folder of 'postern up' (POSTERN_DATA); its cluster is used unless POSTERN_DATABASE is set.")
    var data: String?

    /// The environment with the options put over it.
    var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        if let config = self.config { environment["POSTERN_CONFIG"] = config }
        if let data = self.data { environment["POSTERN_DATA"] = data }
        return environment
    }

    /// Reads environment and file.
    func settings() async throws -> Settings { try await Settings(environment: self.environment) }

    /// The data folder of `postern up`.
    var dataDirectory: String {
        let environment = self.environment
        guard let directory = environment["POSTERN_DATA"], !directory.isEmpty else {
            return EmbeddedDatabase.defaultDirectory(environment: environment)
        }
        return directory.hasPrefix("/") ? directory : FileManager.default.currentDirectoryPath + "/" + directory
    }
}

extension Settings {
    /// The address of the database for a role: what is configured, or the cluster of `postern up`.
    ///
    /// - Throws: ``CommandFailure`` when there is neither.
    func database(role: String, dataDirectory: String) throws -> String {
        if let own = self.text("\(role).database") ?? self.text("database") { return own }
        guard EmbeddedDatabase.exists(directory: dataDirectory) else {
            throw CommandFailure(
                code: "no_database",
                message: """
                    no database is configured: set POSTERN_DATABASE to a connection string such as \
                    'host=db.example.com dbname=postern user=postern_\(role)', or run 'postern up' first
                    """
            )
        }
        return EmbeddedDatabase.address(directory: dataDirectory, role: "postern_\(role)")
    }

    /// The file of the key that seals secrets: what is configured, or the one `postern up` made.
    func keyFile(dataDirectory: String) -> String {
        self.text("keyFile") ?? EmbeddedDatabase.keyFile(directory: dataDirectory)
    }

    /// The logger of a process.
    ///
    /// - Throws: ``SettingsError`` for an unknown level or format.
    func logger(_ label: String) throws -> Logger {
        let levelText = self.text("log.level") ?? "notice"
        guard let level = Logger.Level(rawValue: levelText) else {
            throw SettingsError.badValue(
                key: "log.level",
                reason: "is '\(levelText)', must be debug, info, notice, warning or error"
            )
        }
        let formatText = self.text("log.format") ?? "text"
        guard let format = LogFormat(rawValue: formatText) else {
            throw SettingsError.badValue(key: "log.format", reason: "is '\(formatText)', must be text or json")
        }
        var logger = Logger(label: label) { label in LineLogHandler(label: label, format: format) }
        logger.logLevel = level
        return logger
    }
}
