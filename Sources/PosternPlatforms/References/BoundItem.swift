package import PosternJSON

/// One value that an `each:` path matched.
package struct BoundItem: Sendable {
    /// The value.
    package let value: JSONValue
    /// The name of the member that a `*` step matched on the way to it.
    package let name: String?

    /// Pairs a value with the name a wildcard found it under.
    package init(value: JSONValue, name: String? = nil) {
        self.value = value
        self.name = name
    }
}
