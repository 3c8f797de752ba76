import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct WaitingBellTests {
    @Test func `a ring before the wait is kept, and several count as one`() async throws {
        try await onThread {
            let bell = try WaitingBell()
            bell.ring()
            bell.ring()
            #expect(bell.wait(within: .seconds(10)))
            #expect(!bell.wait(within: .zero))
        }
    }

    @Test func `a wait without a ring ends with its time`() async throws {
        try await onThread {
            let bell = try WaitingBell()
            let start = ContinuousClock.now
            #expect(!bell.wait(within: .milliseconds(50)))
            #expect(ContinuousClock.now - start >= .milliseconds(50))
        }
    }

    @Test func `no ring is lost between threads`() async throws {
        try await onThread {
            let there = try WaitingBell()
            let back = try WaitingBell()
            _ = ConnectionThread.start(name: "echo") {
                for _ in 0..<10_000 {
                    guard there.wait(within: .seconds(30)) else { return }
                    back.ring()
                }
            }
            for _ in 0..<10_000 {
                there.ring()
                try #require(back.wait(within: .seconds(30)))
            }
        }
    }

    @Test func `thousands of rings without a wait do not block the one who rings`() async throws {
        try await onThread {
            let bell = try WaitingBell()
            for _ in 0..<100_000 { bell.ring() }
            #expect(bell.wait(within: nil))
            #expect(!bell.wait(within: .zero))
        }
    }
}
