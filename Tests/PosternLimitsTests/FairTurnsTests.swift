import PosternLimits
import Testing

@Suite struct FairTurnsTests {
    typealias Turn = FairTurns<String>.Turn

    static func turns(_ quantum: Int, _ keys: String...) -> FairTurns<String> {
        var turns = FairTurns<String>(quantum: quantum)
        for key in keys { turns.add(key) }
        return turns
    }

    @Test func `gives each key a quantum in turn`() {
        var turns = Self.turns(2, "a", "b", "c")
        let given = turns.next(capacity: 10) { _ in 100 }
        #expect(
            given == [
                Turn(key: "a", count: 2), Turn(key: "b", count: 2), Turn(key: "c", count: 2), Turn(key: "a", count: 2),
                Turn(key: "b", count: 2),
            ]
        )
        #expect(turns.next(capacity: 1) { _ in 100 } == [Turn(key: "c", count: 1)])
    }

    @Test func `goes on with a turn that the capacity cut short`() {
        var turns = Self.turns(5, "a", "b")
        #expect(turns.next(capacity: 3) { _ in 100 } == [Turn(key: "a", count: 3)])
        #expect(turns.next(capacity: 4) { _ in 100 } == [Turn(key: "a", count: 2), Turn(key: "b", count: 2)])
        #expect(turns.next(capacity: 3) { _ in 100 } == [Turn(key: "b", count: 3)])
        #expect(turns.next(capacity: 1) { _ in 100 } == [Turn(key: "a", count: 1)])
    }

    @Test func `lets a key leave that has nothing left`() {
        var turns = Self.turns(4, "a", "b")
        #expect(turns.next(capacity: 100) { $0 == "a" ? 3 : 0 } == [Turn(key: "a", count: 3)])
        #expect(turns.isEmpty)
        #expect(turns.next(capacity: 100) { _ in 100 } == [])
    }

    @Test(arguments: [(3, false), (4, false), (5, true)])
    func `keeps a key as long as it has something`(available: Int, isKept: Bool) {
        var turns = Self.turns(4, "a")
        #expect(turns.next(capacity: 4) { _ in available } == [Turn(key: "a", count: min(4, available))])
        #expect(turns.contains("a") == isKept)
        #expect(turns.count == (isKept ? 1 : 0))
    }

    @Test func `begins a new turn after an interrupted one that came to nothing`() {
        var turns = Self.turns(5, "a")
        _ = turns.next(capacity: 3) { _ in 100 }
        #expect(turns.next(capacity: 3) { _ in 0 } == [])
        turns.add("a")
        turns.add("b")
        #expect(turns.next(capacity: 6) { _ in 100 } == [Turn(key: "a", count: 5), Turn(key: "b", count: 1)])
    }

    @Test func `keeps the place of a key that is added twice`() {
        var turns = Self.turns(1, "a", "b", "a")
        #expect(turns.count == 2)
        #expect(turns.next(capacity: 3) { _ in 9 }.map(\.key) == ["a", "b", "a"])
    }

    @Test(arguments: [Int.min, -1, 0])
    func `gives nothing without capacity and asks nobody`(capacity: Int) {
        var turns = Self.turns(1, "a")
        let given = turns.next(capacity: capacity) { _ in
            Issue.record("asked")
            return 1
        }
        #expect(given == [])
        #expect(turns.contains("a"))
    }

    @Test func `takes less than nothing as nothing`() {
        var turns = Self.turns(1, "a", "b")
        #expect(turns.next(capacity: 5) { $0 == "a" ? .min : 1 } == [Turn(key: "b", count: 1)])
        #expect(turns.isEmpty)
    }

    @Test func `asks each key once`() {
        var turns = Self.turns(1, "a", "b")
        var asked: [String] = []
        let given = turns.next(capacity: .max) { key in
            asked.append(key)
            return 500
        }
        #expect(asked == ["a", "b"])
        #expect(given.count == 1000)
    }

    @Test(arguments: [1, 7, 10, 64])
    func `delays a newcomer by one quantum of each other at most`(capacity: Int) {
        var turns = FairTurns<Int>(quantum: 10)
        for key in 0..<9 { turns.add(key) }
        var random = SeededGenerator(seed: 1)
        for _ in 0..<Int.random(in: 1...50, using: &random) { _ = turns.next(capacity: capacity) { _ in 1_000_000 } }
        turns.add(99)
        var others = 0
        while true {
            for turn in turns.next(capacity: capacity, available: { $0 == 99 ? 1 : 1_000_000 }) {
                if turn.key == 99 {
                    #expect(others <= 90)
                    return
                }
                others += turn.count
            }
            guard others <= 1000 else { break }
        }
        Issue.record("the newcomer never had its turn")
    }

    @Test func `remembers nobody who has left`() {
        var turns = FairTurns<Int>(quantum: 1)
        for key in 0..<100_000 {
            turns.add(key)
            _ = turns.next(capacity: 1) { _ in 1 }
        }
        #expect(turns.isEmpty)
    }

    @Test func `refuses turns of nothing`() async {
        await #expect(processExitsWith: .failure) { _ = FairTurns<Int>(quantum: 0) }
    }

    /// The ring as a plain list, one unit at a time.
    struct Model {
        let quantum: Int
        var ring: [Int] = []
        var used = 0

        mutating func add(_ key: Int) { if !self.ring.contains(key) { self.ring.append(key) } }

        mutating func next(capacity: Int, available: [Int: Int]) -> [Int] {
            var available = available
            var units: [Int] = []
            while units.count < capacity, let key = self.ring.first {
                if available[key, default: 0] > 0 {
                    units.append(key)
                    available[key, default: 0] -= 1
                    self.used += 1
                }
                if available[key, default: 0] == 0 {
                    self.ring.removeFirst()
                    self.used = 0
                } else if self.used == self.quantum {
                    self.ring.append(self.ring.removeFirst())
                    self.used = 0
                }
            }
            return units
        }
    }

    @Test(arguments: 1...30)
    func `gives what a list of single units gives`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let quantum = Int.random(in: 1...5, using: &random)
        var turns = FairTurns<Int>(quantum: quantum)
        var model = Model(quantum: quantum)
        for _ in 0..<500 {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let key = Int.random(in: 0..<12, using: &random)
                turns.add(key)
                model.add(key)
            }
            let capacity = Int.random(in: 1...20, using: &random)
            var available: [Int: Int] = [:]
            for key in 0..<12 where Int.random(in: 0..<4, using: &random) > 0 {
                available[key] = Int.random(in: 1...15, using: &random)
            }
            let given = turns.next(capacity: capacity) { available[$0, default: 0] }
            #expect(given.allSatisfy { $0.count > 0 })
            let units = given.flatMap { Array(repeating: $0.key, count: $0.count) }
            #expect(units.count <= capacity)
            #expect(units == model.next(capacity: capacity, available: available))
        }
    }
}
