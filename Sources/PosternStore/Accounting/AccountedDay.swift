package import PosternModel

/// One day of a table that is kept by days.
package struct AccountedDay: Sendable, Equatable {
    /// Midnight UTC.
    package let start: Timestamp

    /// Wraps the day that begins at `start`.
    package init(start: Timestamp) { self.start = start }

    /// The next midnight.
    package var end: Timestamp { self.start.advanced(by: .seconds(86_400)) }

    /// The days at the end of a list that follow each other.
    ///
    /// Retention keeps a day that somebody still needs while later ones go; what is numbered can be followed only over
    /// days without such a hole.
    package static func lastStretch(of days: [AccountedDay]) -> [AccountedDay] {
        var first = days.count
        while first > 0, first == days.count || days[first - 1].end == days[first].start { first -= 1 }
        return Array(days[first...])
    }
}
