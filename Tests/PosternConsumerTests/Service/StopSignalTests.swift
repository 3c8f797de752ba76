import PosternConsumer
import Testing

@Suite(.timeLimit(.minutes(5))) struct StopSignalTests {
    @Test func `wakes all who sleep`() async {
        let signal = StopSignal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await signal.sleep(for: .seconds(3600)) } }
            group.addTask { signal.raise() }
            await group.waitForAll()
        }
        #expect(signal.isRaised)
    }

    @Test func `lets nobody sleep once raised`() async {
        let signal = StopSignal()
        signal.raise()
        signal.raise()
        await signal.sleep(for: .seconds(3600))
        await signal.raised()
    }

    @Test func `sleeps no longer than asked`() async {
        let signal = StopSignal()
        let start = ContinuousClock.now
        await signal.sleep(for: .milliseconds(20))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
        #expect(!signal.isRaised)
    }

    @Test func `ends its sleep with the task`() async {
        let signal = StopSignal()
        let task = Task {
            await signal.sleep(for: .seconds(3600))
            await signal.raised()
        }
        task.cancel()
        await task.value
        #expect(!signal.isRaised)
    }
}
