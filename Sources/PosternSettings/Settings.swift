internal import Configuration
internal import SystemPackage

/// What is configured: the environment (`POSTERN_…`) over a YAML file over defaults.
///
/// A key such as `gateway.port` is `POSTERN_GATEWAY_PORT` in the environment and `gateway: {port: …}` in the file.
package struct Settings: Sendable {
    private let reader: ConfigReader

    /// Reads the environment and the file named by `POSTERN_CONFIG`, if any.
    ///
    /// - Parameter environment: the process's environment, with what command-line options put over it.
    /// - Throws: ``SettingsError/unreadableFile(path:reason:)``.
    package init(environment: [String: String]) async throws(SettingsError) {
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "postern")
        guard let path = environment["POSTERN_CONFIG"], !path.isEmpty else {
            self.reader = ConfigReader(provider: variables)
            return
        }
        do {
            let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            self.reader = ConfigReader(providers: [variables, file])
        } catch {
            throw .unreadableFile(path: path, reason: String(describing: error))
        }
    }

    /// A text, or `nil` where nothing is configured.
    package func text(_ key: String) -> String? {
        let name = ConfigKey(key)
        // A YAML scalar has a kind of its own, and asking for another kind finds nothing.
        let text =
            self.reader.string(forKey: name) ?? self.reader.int(forKey: name).map(String.init)
            ?? self.reader.double(forKey: name).map { number in String(number) }
            ?? self.reader.bool(forKey: name).map { flag in String(flag) }
        return text.flatMap { text in text.isEmpty ? nil : text }
    }

    /// A text that must be configured.
    package func requiredText(_ key: String) throws(SettingsError) -> String {
        guard let text = self.text(key) else { throw .missing(key: key, environment: Self.environmentName(key)) }
        return text
    }

    /// A whole number within `range`, or `fallback` where nothing is configured.
    package func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws(SettingsError) -> Int
    {
        guard let text = self.text(key) else { return fallback }
        guard let value = Int(text) else { throw .badValue(key: key, reason: "is '\(text)', must be a whole number") }
        guard range.contains(value) else {
            throw .badValue(key: key, reason: "is \(value), must be \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A number of seconds within `range`, fractions allowed, or `fallback` where nothing is configured.
    package func duration(
        _ key: String,
        secondsIn range: ClosedRange<Double>,
        default fallback: Duration
    ) throws(SettingsError) -> Duration {
        guard let text = self.text(key) else { return fallback }
        guard let seconds = Double(text), seconds.isFinite else {
            throw .badValue(key: key, reason: "is '\(text)', must be a number of seconds")
        }
        guard range.contains(seconds) else {
            throw .badValue(key: key, reason: "is \(text) s, must be \(range.lowerBound) to \(range.upperBound) s")
        }
        return .seconds(seconds)
    }

    /// `true` or `false`, or `fallback` where nothing is configured.
    package func boolean(_ key: String, default fallback: Bool) throws(SettingsError) -> Bool {
        switch self.text(key) {
        case nil: fallback
        case "true", "yes", "1": true
        case "false", "no", "0": false
        case let text?: throw .badValue(key: key, reason: "is '\(text)', must be true or false")
        }
    }

    /// The environment's name of a key: `gateway.bodyLimitBytes` is `POSTERN_GATEWAY_BODY_LIMIT_BYTES`.
    package static func environmentName(_ key: String) -> String {
        var name = "POSTERN_"
        for character in key {
            if character == "." {
                name.append("_")
            } else {
                if character.isUppercase { name.append("_") }
                name.append(character.uppercased())
            }
        }
        return name
    }
}
