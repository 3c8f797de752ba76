internal import DequeModule

/// Followers that may find more in the log, in the order in which they look: whoever has looked goes to the end.
///
/// Each look serves only some; in the order of a set the same ones would come first each time, and others never.
package struct HungryFollowers<Key: Hashable> {
    /// Everyone in the line, each once; `false` stands for one that is hungry no more and leaves when its turn comes.
    private var places: [Key: Bool] = [:]
    private var line: Deque<Key> = []

    /// Starts with nobody.
    package init() {}

    /// Puts a follower at the end of the line; one that stands in it keeps its place.
    package mutating func insert(_ key: Key) {
        if self.places.updateValue(true, forKey: key) == nil { self.line.append(key) }
    }

    /// Takes out a follower that has nothing more to look for.
    package mutating func remove(_ key: Key) {
        if self.places[key] != nil { self.places[key] = false }
    }

    /// Lets each look once, in turn, until `look` answers that no more can.
    ///
    /// - Parameter look: says whether the next may look, too; everyone it was called for goes to the end of the line.
    /// - Returns: whether all had their turn.
    package mutating func forEach(_ look: (Key) -> Bool) -> Bool {
        for _ in 0..<self.line.count {
            guard let key = self.line.popFirst() else { return true }
            guard self.places[key] == true else {
                self.places[key] = nil
                continue
            }
            self.line.append(key)
            if !look(key) { return false }
        }
        return true
    }
}
