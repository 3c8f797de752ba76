package import PosternModel
internal import PosternStore

/// All endpoints at one moment.
///
/// Immutable: a change makes a new one, which is handed to every loop.
package struct EndpointDirectory: Sendable {
    private let entries: [String: EndpointEntry]

    /// A directory without endpoints.
    package static let empty = EndpointDirectory([])

    /// Files the entries under platform and key.
    package init(_ entries: [EndpointEntry]) {
        self.entries = Dictionary(entries.map { entry in (Self.key(of: entry), entry) }) { first, _ in first }
    }

    /// The endpoint of `platform/key`.
    package subscript(key: Substring) -> EndpointEntry? { self.entries[String(key)] }

    /// Every endpoint, in no order.
    package var all: some Collection<EndpointEntry> { self.entries.values }

    /// Endpoints known.
    package var count: Int { self.entries.count }

    /// The entry filed under a platform and a key, if any.
    package func entry(platform: PlatformName, key: EndpointKey) -> EndpointEntry? {
        self.entries["\(platform)/\(key)"]
    }

    private static func key(of entry: EndpointEntry) -> String { "\(entry.record.platform)/\(entry.record.key)" }
}
