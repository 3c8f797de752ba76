package import PosternModel

/// One day of a table that is kept by days.
package struct AccountedDay: Sendable, Equatable {
    /// Midnight UTC.
    package let start: Timestamp

    /// Wraps the day that begins at `start`.
    package init(start: Timestamp) { self.start = start }

    /// The next midnight.
    package var end: Timestamp { self.start.advanced(by: .seconds(86_400)) }
}
