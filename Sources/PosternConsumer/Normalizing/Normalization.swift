package import PosternModel
package import PosternPlatforms

/// What became of a delivery's body.
package enum Normalization: Sendable {
    /// Events, in order; none when the delivery holds nothing to store.
    case events(Normalized, platform: PlatformName, definitionVersion: Int32)
    /// The same bytes will fail the same way: a dead letter at once.
    case permanent(reason: String, detail: String, definitionVersion: Int32?)
    /// It may work later, with another version of this program or its definitions: the retry queue.
    case transient(reason: String, detail: String)
}
