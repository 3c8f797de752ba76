import Synchronization

/// A number that several threads raise.
final class Tally: Sendable {
    private let number = Atomic<Int64>(0)

    /// The number now.
    var value: Int64 { self.number.load(ordering: .acquiring) }

    /// Adds one.
    func add() { self.number.add(1, ordering: .acquiringAndReleasing) }
}
