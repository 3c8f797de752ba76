import NIOCore
import PosternHTTP
import Testing

@Suite struct DeadlineMachineTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

    @Test func `arms the timer once and lets later deadlines be`() {
        var machine = DeadlineMachine(.init())
        #expect(machine.set(.head, now: self.at(0)) == .schedule(self.at(10)))
        #expect(machine.set(.body, now: self.at(1)) == .keep)
        #expect(machine.set(.idle, now: self.at(2)) == .keep)
        #expect(machine.current == .idle)
    }

    @Test func `arms for the shortest deadline when waiting for a long one`() {
        var machine = DeadlineMachine(.init())
        #expect(machine.set(.idle, now: self.at(0)) == .schedule(self.at(10)))
        #expect(machine.fired(now: self.at(10), hasUnwrittenBytes: false) == .schedule(self.at(20)))
        #expect(machine.fired(now: self.at(70), hasUnwrittenBytes: false) == .schedule(self.at(75)))
        #expect(machine.fired(now: self.at(75), hasUnwrittenBytes: false) == .expired(.idle))
    }

    @Test(
        arguments: [
            (DeadlineMachine.Wait.head, 10), (.body, 30), (.responder, 30), (.idle, 75), (.write, 10), (.linger, 2),
        ] as [(DeadlineMachine.Wait, Int64)]
    )
    func `expires at the limit and not before`(wait: DeadlineMachine.Wait, seconds: Int64) {
        var machine = DeadlineMachine(.init())
        _ = machine.set(wait, now: self.at(0))
        let early = self.at(seconds) - .nanoseconds(1)
        #expect(machine.fired(now: early, hasUnwrittenBytes: false) == .schedule(self.at(seconds)))
        #expect(machine.fired(now: self.at(seconds), hasUnwrittenBytes: false) == .expired(wait))
    }

    @Test func `moves the timer for a deadline that comes before it`() {
        var machine = DeadlineMachine(.init())
        _ = machine.set(.idle, now: self.at(0))
        #expect(machine.set(.linger, now: self.at(1)) == .reschedule(self.at(3)))
        #expect(machine.set(.linger, now: self.at(1)) == .keep)
    }

    @Test func `expires when answers are not taken, whatever else is waited for`() {
        var machine = DeadlineMachine(.init())
        _ = machine.set(.idle, now: self.at(0))
        machine.wrote(now: self.at(5))
        #expect(machine.fired(now: self.at(10), hasUnwrittenBytes: true) == .schedule(self.at(15)))
        #expect(machine.fired(now: self.at(15), hasUnwrittenBytes: true) == .expired(.write))
    }

    @Test func `waits on when the answers were taken in the end`() {
        var machine = DeadlineMachine(.init())
        _ = machine.set(.idle, now: self.at(0))
        machine.wrote(now: self.at(5))
        #expect(machine.fired(now: self.at(10), hasUnwrittenBytes: true) == .schedule(self.at(15)))
        #expect(machine.fired(now: self.at(15), hasUnwrittenBytes: false) == .schedule(self.at(25)))
    }

    @Test func `rests when nothing is waited for`() {
        var machine = DeadlineMachine(.init())
        #expect(machine.fired(now: self.at(0), hasUnwrittenBytes: true) == .rest)
    }
}
