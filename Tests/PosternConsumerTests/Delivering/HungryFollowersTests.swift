import PosternConsumer
import Testing

@Suite struct HungryFollowersTests {
    private func hungry(_ keys: some Sequence<Int>) -> HungryFollowers<Int> {
        var hungry = HungryFollowers<Int>()
        for key in keys { hungry.insert(key) }
        return hungry
    }

    /// One look that serves so many.
    private func look(_ hungry: inout HungryFollowers<Int>, _ most: Int) -> (served: [Int], isDone: Bool) {
        var served: [Int] = []
        let isDone = hungry.forEach { key in
            served.append(key)
            return served.count < most
        }
        return (served, isDone)
    }

    @Test func `looks that serve only some reach everybody in turn`() {
        var hungry = self.hungry(0..<10)
        let looks = (0..<5).map { _ in self.look(&hungry, 4).served }
        #expect(looks == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1], [2, 3, 4, 5], [6, 7, 8, 9]])
    }

    @Test func `being hungry again does not bring anybody forward`() {
        var hungry = self.hungry(0..<6)
        #expect(self.look(&hungry, 4).served == [0, 1, 2, 3])
        for key in 0..<6 { hungry.insert(key) }
        #expect(self.look(&hungry, 4).served == [4, 5, 0, 1])
    }

    @Test func `whoever has nothing more to look for is passed over until it is hungry again`() {
        var hungry = self.hungry(0..<4)
        hungry.remove(1)
        hungry.remove(1)
        #expect(self.look(&hungry, 9).served == [0, 2, 3])
        hungry.insert(1)
        #expect(self.look(&hungry, 9).served == [0, 2, 3, 1])
        for key in 0..<4 { hungry.remove(key) }
        #expect(self.look(&hungry, 9).served.isEmpty)
    }

    @Test func `says whether all had their turn`() {
        var hungry = self.hungry(0..<3)
        #expect(self.look(&hungry, 9).isDone)
        #expect(!self.look(&hungry, 2).isDone)
    }
}
