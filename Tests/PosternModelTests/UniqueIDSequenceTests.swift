import PosternModel
import Testing

@Suite struct UniqueIDSequenceTests {
    @Test func `ascends strictly while the clock stands still or goes back`() {
        var ids = UniqueIDSequence()
        let now = Timestamp(microseconds: 1_795_219_200_123_456)
        var last = ids.next(at: now)
        for step in 0..<10_000 {
            let next = ids.next(at: Timestamp(microseconds: now.microseconds - Int64(step % 7)))
            #expect(last < next)
            last = next
        }
    }

    @Test(arguments: [0, 1, 999, 1000, 1_795_219_200_123_456] as [Int64])
    func `carries the time as version 7 does`(microseconds: Int64) {
        var ids = UniqueIDSequence()
        // The first tick of all is one, so that an identifier is never less than the start.
        let id = ids.next(at: Timestamp(microseconds: microseconds))
        #expect(id.embeddedTime.microseconds == microseconds / 1000 * 1000)
        #expect(id.high >> 12 & 0xF == 7)
        #expect(id.low >> 62 == 0b10)
    }

    @Test func `differs between two sequences at the same time`() {
        var first = UniqueIDSequence()
        var second = UniqueIDSequence()
        let now = Timestamp.now()
        let all = (0..<1000).flatMap { _ in [first.next(at: now), second.next(at: now)] }
        #expect(Set(all).count == 2000)
    }
}
