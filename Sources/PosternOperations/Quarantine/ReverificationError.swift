package import PosternPlatforms
package import PosternPostgres
package import PosternStore

/// Why quarantined requests could not be checked again.
package enum ReverificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no endpoint with this key.
    case endpointNotFound(String)
    /// This program has no definition of the platform.
    case unknownPlatform(String)
    /// The platform has no scheme of this name.
    case unknownScheme(platform: String, scheme: String)
    /// A secret of the endpoint cannot be opened with the key at hand.
    case secretNotOpened(DirectoryFault)
    /// The endpoint's secrets and settings prove nothing.
    case unusableEndpoint(VerifierError)
    /// The database failed; nothing was changed.
    case database(PostgresError)
    /// The database failed after so many requests were admitted; the batch that failed may be admitted, too.
    case interrupted(admitted: Int, ConfigurationError)

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .endpointNotFound: "endpoint_not_found"
        case .unknownPlatform: "unknown_platform"
        case .unknownScheme: "unknown_scheme"
        case .secretNotOpened: "secret_not_opened"
        case .unusableEndpoint: "unusable_endpoint"
        case .database: "database_error"
        case .interrupted: "reverify_interrupted"
        }
    }

    /// What happened and what to do next.
    package var description: String {
        switch self {
        case .endpointNotFound(let key): "there is no endpoint '\(key)'"
        case .unknownPlatform(let name): "this program has no definition of \(name)"
        case .unknownScheme(let platform, let scheme): "\(platform) has no scheme '\(scheme)'"
        case .secretNotOpened(let fault): "\(fault); is this the right key file?"
        case .unusableEndpoint(let error): "the endpoint cannot verify anything: \(error)"
        case .database(let error): "\(error)"
        case .interrupted(let admitted, let error):
            "stopped after \(admitted) requests were admitted: \(error); run it again, what is admitted twice is one event"
        }
    }
}
