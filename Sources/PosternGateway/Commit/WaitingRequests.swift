/// The requests of one event loop that wait for their commit, each in a numbered slot.
///
/// Belongs to its event loop. A number travels to the writer and back, so that nothing of a connection leaves its loop.
package final class WaitingRequests {
    private var slots: [(any CommitWaiter)?] = []
    private var free: [Int] = []

    /// Makes an empty table.
    package init() {}

    /// Requests waiting now.
    package var count: Int { self.slots.count - self.free.count }

    /// Keeps a request until its commit is decided; the result names its place.
    package func add(_ waiter: any CommitWaiter) -> Int {
        if let slot = self.free.popLast() {
            self.slots[slot] = waiter
            return slot
        }
        self.slots.append(waiter)
        return self.slots.count - 1
    }

    /// Forgets a request that was never handed to a writer.
    package func remove(_ slot: Int) {
        self.slots[slot] = nil
        self.free.append(slot)
    }

    /// Hands a request its outcome and frees the place.
    package func finish(_ slot: Int, _ outcome: CommitOutcome) {
        let waiter = self.slots[slot]
        self.remove(slot)
        waiter?.commitDecided(outcome)
    }
}

/// A request that waits for its commit.
///
/// Belongs to its event loop.
package protocol CommitWaiter: AnyObject {
    /// Called once, on the request's event loop.
    func commitDecided(_ outcome: CommitOutcome)
}
