package import PosternStore

/// What normalizing a delivery once more gave.
package enum DerivedKeys: Sendable {
    /// The keys of its events, none when it holds nothing to store, by this version of the platform's definition.
    case events([AccountedKey], definitionVersion: Int32)
    /// Its body cannot be understood by this version of the platform's definition.
    case failed(reason: String, definitionVersion: Int32?)
    /// This program cannot say: it has no such definition.
    case unknown
}
