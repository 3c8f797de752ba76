import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConnectionThreadTests {
    @Test func `join returns after the body, for everybody who waits`() async throws {
        let bell = try WaitingBell()
        let ends = Tally()
        let thread = ConnectionThread.start(name: "a name longer than fifteen bytes") {
            _ = bell.wait(within: .seconds(30))
            ends.add()
        }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await thread.join()
                    return ends.value == 1
                }
            }
            bell.ring()
            for await ended in group { #expect(ended) }
        }
        await thread.join()
    }
}
