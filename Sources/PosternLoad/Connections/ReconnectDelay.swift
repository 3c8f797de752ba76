/// How long to wait before a connection is tried again: 10 ms, twice as long each time, 200 ms at most.
package struct ReconnectDelay: Sendable {
    private static let first: Int64 = 10
    private static let longest: Int64 = 200

    private var next = Self.first

    /// Starts with the shortest wait.
    package init() {}

    /// Takes the next wait, in milliseconds.
    package mutating func take() -> Int64 {
        defer { self.next = min(self.next * 2, Self.longest) }
        return self.next
    }

    /// It worked: the next wait is the shortest again.
    package mutating func reset() { self.next = Self.first }
}
