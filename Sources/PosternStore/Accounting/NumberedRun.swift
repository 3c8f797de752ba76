/// How one numbered row of rows lies in the log: of a writer, or of a lane.
package struct NumberedRun: Sendable, Equatable {
    /// The lowest number found.
    package private(set) var first: Int64
    /// The highest number found.
    package private(set) var last: Int64
    /// How many rows there are.
    package private(set) var count: Int64
    /// How many of them lie behind the cursors that read them.
    package private(set) var read: Int64

    /// Joins the figures of one day.
    package init(first: Int64, last: Int64, count: Int64, read: Int64 = 0) {
        self.first = first
        self.last = last
        self.count = count
        self.read = read
    }

    /// Adds another day.
    package mutating func add(_ other: NumberedRun) {
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.count += other.count
        self.read += other.read
    }

    /// Whether no number is missing between the first and the last, and none stands twice.
    package var isWhole: Bool { self.last - self.first + 1 == self.count }
}
