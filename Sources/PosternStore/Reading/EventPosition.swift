package import PosternModel

/// How far a reader has followed the events of every lane.
package struct EventPosition: Sendable, Equatable {
    /// The number of the last event seen, by lane.
    package var numbers: [Lane: Int64]
    /// No event after ``numbers`` was stored more than an hour before this: older days need no look.
    package var since: Timestamp
}
