/// Why the configuration could not be used.
package enum SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file given is missing, unreadable or not YAML.
    case unreadableFile(path: String, reason: String)
    /// A value is of the wrong kind or out of range.
    case badValue(key: String, reason: String)
    /// A value that has no default is missing.
    case missing(key: String, environment: String)

    package var description: String {
        switch self {
        case .unreadableFile(let path, let reason): "cannot read the configuration \(path): \(reason)"
        case .badValue(let key, let reason): "the setting \(key) \(reason)"
        case .missing(let key, let environment):
            "the setting \(key) is missing; set \(environment), or write it in the configuration file"
        }
    }
}
