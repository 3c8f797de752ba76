import PosternHTTP
import Testing

@Suite struct UnframedBytesTests {
    /// What one read brings.
    enum Event: Sendable {
        case head
        case body(Int)
        case end
        case read(Int)
    }

    /// Whether each read was within the limit.
    private func verdicts(limit: Int, _ events: [Event]) -> [Bool] {
        var bytes = UnframedBytes(limit: limit)
        var verdicts: [Bool] = []
        for event in events {
            switch event {
            case .head: bytes.headEnded()
            case .body(let count): bytes.body(bytes: count)
            case .end: bytes.bodyEnded()
            case .read(let count): verdicts.append(bytes.isWithinLimit(afterRead: count))
            }
        }
        return verdicts
    }

    @Test func `bounds bytes that become nothing, over many reads`() {
        #expect(self.verdicts(limit: 100, [.read(99), .read(1), .read(1)]) == [true, true, false])
        #expect(self.verdicts(limit: 100, [.read(101)]) == [false])
    }

    @Test func `begins anew with every head and every end`() {
        let events: [Event] = [.read(100), .head, .read(1000), .read(100), .end, .read(1), .read(100), .read(1)]
        #expect(self.verdicts(limit: 100, events) == [true, true, true, true, true, false])
    }

    @Test func `allows each chunk sixteen bytes and twice its data`() {
        #expect(self.verdicts(limit: 0, [.body(1), .read(19), .body(0), .read(16)]) == [true, true])
        #expect(self.verdicts(limit: 0, [.body(10), .read(47)]) == [false])
    }

    @Test func `saves no allowance up`() {
        let events: [Event] = [.body(1_000_000), .read(1_000_000), .read(11)]
        #expect(self.verdicts(limit: 10, events) == [true, false])
    }

    @Test func `knows whether a body is under way`() {
        var bytes = UnframedBytes(limit: 0)
        var states = [bytes.isInBody]
        bytes.headEnded()
        states.append(bytes.isInBody)
        bytes.bodyEnded()
        states.append(bytes.isInBody)
        #expect(states == [false, true, false])
    }
}
