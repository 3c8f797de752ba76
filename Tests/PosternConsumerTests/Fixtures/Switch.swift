import Synchronization

/// Something a test turns on while others look at it; any thread.
final class Switch: Sendable {
    private let state = Atomic(false)

    /// Whether it was turned on.
    var isOn: Bool { self.state.load(ordering: .acquiring) }

    /// Turns it on, for good.
    func turnOn() { self.state.store(true, ordering: .releasing) }
}
