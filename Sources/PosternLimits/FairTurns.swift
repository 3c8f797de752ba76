/// Whose turn it is when many have something to send and only so much can be sent: deficit round robin.
///
/// Who has something stands in a ring. A turn is worth a quantum, whatever is waiting; who has more goes to the end of
/// the ring, who has nothing left leaves it. A turn that the capacity cuts short goes on with the next capacity. So
/// whoever enters the ring waits for one quantum of each of the others at most, however much they hold, and nobody
/// inside it is passed over. Memory is that of the ring.
///
/// Source: M. Shreedhar and G. Varghese, "Efficient Fair Queuing Using Deficit Round Robin", SIGCOMM 1995, section 3;
/// all costs are 1 here, so what is left of a quantum is only kept where the capacity ended.
package struct FairTurns<Key: Hashable & Sendable>: Sendable {
    /// What one key may send in one turn.
    package struct Turn: Sendable, Equatable {
        package let key: Key
        /// At least 1.
        package let count: Int

        /// Joins the two.
        package init(key: Key, count: Int) {
            self.key = key
            self.count = count
        }
    }

    /// How much one turn is worth.
    package let quantum: Int
    private var members: Set<Key> = []
    /// The ring, from `head` on; what stands before it is over.
    private var ring: [Key] = []
    private var head = 0
    /// What the first of the ring has left of a turn that was cut short; 0 if its turn has not begun.
    private var credit = 0

    /// Starts with an empty ring.
    ///
    /// - Parameter quantum: at least 1.
    package init(quantum: Int) {
        precondition(quantum > 0, "turns of \(quantum)")
        self.quantum = quantum
    }

    /// How many stand in the ring.
    package var count: Int { self.members.count }

    /// Whether nobody stands in the ring.
    package var isEmpty: Bool { self.members.isEmpty }

    /// Says whether a key stands in the ring.
    package func contains(_ key: Key) -> Bool { self.members.contains(key) }

    /// Puts a key at the end of the ring; one that stands in it already keeps its place.
    ///
    /// To be called whenever a key may have something to send again: there is new work, an attempt has ended, a wait is
    /// over.
    package mutating func add(_ key: Key) {
        guard self.members.insert(key).inserted else { return }
        self.ring.append(key)
    }

    /// Gives out a capacity, turn by turn.
    ///
    /// O(turns given + keys that had nothing).
    ///
    /// - Parameters:
    ///   - capacity: how much may be sent in all.
    ///   - available: how much a key could send now; asked once for each key whose turn comes. A key that is given all
    ///     of it, or has nothing, leaves the ring.
    /// - Returns: the turns in order; a key may have several.
    package mutating func next(capacity: Int, available: (Key) -> Int) -> [Turn] {
        var turns: [Turn] = []
        var rest: [Key: Int] = [:]
        var capacity = capacity
        while capacity > 0, self.head < self.ring.count {
            let key = self.ring[self.head]
            let room = rest[key] ?? max(0, available(key))
            let allowance = self.credit > 0 ? self.credit : self.quantum
            let count = min(allowance, room, capacity)
            if count > 0 { turns.append(Turn(key: key, count: count)) }
            capacity -= count
            if count == room {
                self.members.remove(key)
                self.leaveHead()
            } else if count == allowance {
                rest[key] = room - count
                self.leaveHead()
                self.ring.append(key)
            } else {
                self.credit = allowance - count
            }
        }
        return turns
    }

    private mutating func leaveHead() {
        self.credit = 0
        self.head += 1
        // Each entry is moved once for each time as many have left before it: constant on average.
        if self.head * 2 >= self.ring.count {
            self.ring.removeFirst(self.head)
            self.head = 0
        }
    }
}
