import PosternLimits
import Testing

@Suite struct RecentKeysTests {
    @Test(arguments: [(9, true), (10, false), (11, false), (.min, true), (.max, false)] as [(Int64, Bool)])
    func `remembers a key until its time`(now: Int64, isRemembered: Bool) {
        var recent = RecentKeys<Int>(capacity: 8)
        recent.insert(1, until: 10)
        #expect(recent.contains(1, now: now) == isRemembered)
        #expect(recent.contains(2, now: now) == false)
    }

    @Test func `keeps the later of two times`() {
        var recent = RecentKeys<Int>(capacity: 8)
        recent.insert(1, until: 10)
        recent.insert(1, until: 20)
        recent.insert(1, until: 5)
        #expect(recent.contains(1, now: 19) == true)
        #expect(recent.contains(1, now: 20) == false)
    }

    @Test(arguments: [Int64.min, .max])
    func `takes the ends of time`(until: Int64) {
        var recent = RecentKeys<Int>(capacity: 8)
        recent.insert(1, until: until)
        #expect(recent.contains(1, now: 0) == (until == .max))
        #expect(recent.contains(1, now: .max) == false)
    }

    @Test func `forgets first what it would forget first`() {
        var recent = RecentKeys<Int>(capacity: 8)
        for key in 0..<8 { recent.insert(key, until: Int64(100 - key)) }
        recent.insert(8, until: 1)
        #expect(recent.contains(7, now: 0) == false)
        for key in [0, 1, 2, 3, 4, 5, 6, 8] { #expect(recent.contains(key, now: 0) == true) }
    }

    @Test(arguments: [(0, 8), (8, 8), (9, 16), (100_000, 131_072)])
    func `has a power of two of places`(asked: Int, capacity: Int) {
        #expect(RecentKeys<Int>(capacity: asked).capacity == capacity)
    }

    @Test func `remembers the latest of a hundred thousand keys`() {
        var recent = RecentKeys<Int>(capacity: 1024)
        for key in 0..<100_000 {
            recent.insert(key, until: Int64(key) + 1000)
            #expect(recent.contains(key, now: Int64(key)) == true)
        }
        #expect(recent.capacity == 1024)
        let remembered = (0..<100_000).count { recent.contains($0, now: 99_999) }
        #expect((500...1000).contains(remembered), "\(remembered)")
    }
}
