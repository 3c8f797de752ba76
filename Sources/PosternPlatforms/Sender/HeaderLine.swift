/// One header of an answer.
package struct HeaderLine: Hashable, Sendable {
    /// The name as it is sent.
    package let name: String
    /// The value as it is sent.
    package let value: String

    /// Joins name and value.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
