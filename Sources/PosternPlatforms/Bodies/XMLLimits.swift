/// How much an XML body may hold.
package struct XMLLimits: Hashable, Sendable {
    /// Elements inside one another.
    package let depth: Int
    /// Elements and attributes in all.
    package let nodes: Int
    /// Bytes in all.
    package let bytes: Int

    /// The limits used for deliveries: 64 levels, 100,000 elements and attributes, 8 MiB.
    package static let standard = XMLLimits()

    /// Sets the limits.
    package init(depth: Int = 64, nodes: Int = 100_000, bytes: Int = 8 << 20) {
        self.depth = depth
        self.nodes = nodes
        self.bytes = bytes
    }
}
