import PosternHTTP
import Testing

@Suite struct RequestMachineTests {
    private func framing(length: Int? = nil, _ adjust: (inout RequestFraming) -> Void = { _ in }) -> RequestFraming {
        var framing = RequestFraming()
        framing.contentLength = length
        adjust(&framing)
        return framing
    }

    @Test func `goes from head to body to answer and is free again`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        #expect(machine.isIdle == true)
        let number = machine.begin(self.framing(length: 4))
        #expect(number == 1)
        #expect(machine.isOpen(1) == true)
        #expect(machine.isOwed == false)
        #expect(machine.read(limitBytes: 4) == .read)
        #expect(machine.isOwed == true)
        #expect(machine.received(bytes: 4) == .deliver)
        #expect(machine.receivedEnd() == .complete)
        #expect(machine.isWaiting == true)
        #expect(machine.answer(1, isLast: false) == .init(omitsBody: false, field: .none, next: .next))
        #expect(machine.isIdle == true)
        #expect(machine.isOwed == false)
        #expect(machine.begin(self.framing()) == 2)
    }

    @Test func `answers each number once and never another`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing())
        #expect(machine.answer(0, isLast: false) == nil)
        #expect(machine.answer(2, isLast: false) == nil)
        #expect(machine.answer(1, isLast: false) != nil)
        #expect(machine.answer(1, isLast: false) == nil)
    }

    @Test(arguments: [(99, false), (100, false), (101, true)])
    func `compares the announced length with the limit`(length: Int, isTooLarge: Bool) {
        var machine = RequestMachine(discardLimitBytes: 0)
        _ = machine.begin(self.framing(length: length))
        #expect(machine.read(limitBytes: 100) == (isTooLarge ? .tooLarge(limitBytes: 100) : .read))
    }

    @Test func `adds up a chunked body`() {
        var machine = RequestMachine(discardLimitBytes: 0)
        _ = machine.begin(self.framing { $0.isChunked = true })
        _ = machine.read(limitBytes: 10)
        #expect(machine.received(bytes: 6) == .deliver)
        #expect(machine.received(bytes: 4) == .deliver)
        #expect(machine.received(bytes: 1) == .tooLarge(limitBytes: 10))
        #expect(machine.received(bytes: Int.max) == .tooLarge(limitBytes: 10))
    }

    @Test func `drops the known rest of an answered body`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 12))
        _ = machine.read(limitBytes: 100)
        #expect(machine.received(bytes: 2) == .deliver)
        #expect(machine.answer(1, isLast: false)?.next == .discard)
        #expect(machine.isDiscarding == true)
        #expect(machine.received(bytes: 10) == .discard)
        #expect(machine.receivedEnd() == .next)
        #expect(machine.isIdle == true)
    }

    @Test func `lingers when too much of an answered body is left`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 11))
        #expect(machine.answer(1, isLast: false) == .init(omitsBody: false, field: .close, next: .linger))
        #expect(machine.hasEnded == true)
        #expect(machine.received(bytes: 11) == .discard)
        #expect(machine.receivedEnd() == .ignore)
    }

    @Test func `closes after the last request`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing())
        #expect(machine.answer(1, isLast: true) == .init(omitsBody: false, field: .close, next: .close))
    }

    @Test func `closes after refusing a head whose sender waits to be asked`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 1) { $0.expectsContinue = true })
        #expect(machine.answer(1, isLast: false)?.next == .linger)
    }

    @Test func `keeps the connection once the sender was asked`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 1) { $0.expectsContinue = true })
        #expect(machine.read(limitBytes: 1) == .readAfterContinue)
        #expect(machine.answer(1, isLast: false)?.next == .discard)
    }

    @Test func `says keep alive and leaves out bodies as the head asks`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(
            self.framing {
                $0.saysKeepAlive = true; $0.isHead = true
            }
        )
        #expect(machine.omitsBody == true)
        #expect(machine.answer(1, isLast: false) == .init(omitsBody: true, field: .keepAlive, next: .discard))
        #expect(machine.omitsBody == false)
    }

    @Test func `says whether the responder must learn of the end`() {
        var machine = RequestMachine(discardLimitBytes: 10)
        #expect(machine.end() == false)
        machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 1))
        #expect(machine.end() == false)
        machine = RequestMachine(discardLimitBytes: 10)
        _ = machine.begin(self.framing(length: 1))
        _ = machine.read(limitBytes: 1)
        #expect(machine.end() == true)
        #expect(machine.end() == false)
        #expect(machine.isOpen(1) == false)
        #expect(machine.answer(1, isLast: false) == nil)
    }

    @Test func `traps when a request begins inside another`() async {
        await #expect(processExitsWith: .failure) {
            var machine = RequestMachine(discardLimitBytes: 10)
            _ = machine.begin(RequestFraming())
            _ = machine.begin(RequestFraming())
        }
    }
}
