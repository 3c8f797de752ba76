import PosternLoad
import Testing

@Suite struct PacingTests {
    private func pacing(_ change: (inout LoadSettings) -> Void, loop: Int = 0) -> (Pacing, RunWindow) {
        var settings = LoadSettings()
        settings.warmupSeconds = 1
        settings.length = .seconds(2)
        change(&settings)
        let window = RunWindow(settings, begin: 10_000_000_000)
        return (Pacing(settings, window, loop: loop), window)
    }

    @Test func `lets a closed loop send whenever a connection is free`() {
        var (pacing, window) = self.pacing { _ in }
        #expect(!pacing.isOpen)
        #expect(pacing.take(now: window.begin) == .send(due: window.begin))
        #expect(pacing.take(now: window.begin) == .send(due: window.begin))
        #expect(pacing.take(now: window.end - 1) == .send(due: window.end - 1))
        #expect(pacing.take(now: window.end) == .over)
        #expect(pacing.waiting(now: window.end) == 0)
    }

    @Test func `charges an open loop from the time a request was due`() {
        var (pacing, window) = self.pacing { $0.rate = 10 }
        #expect(pacing.take(now: window.begin - 1) == .notYet)
        #expect(pacing.take(now: window.begin + 250_000_000) == .send(due: window.begin))
        #expect(pacing.take(now: window.begin + 250_000_000) == .send(due: window.begin + 100_000_000))
        #expect(pacing.waiting(now: window.begin + 250_000_000) == 1)
        #expect(pacing.take(now: window.begin + 250_000_000) == .send(due: window.begin + 200_000_000))
        #expect(pacing.take(now: window.begin + 250_000_000) == .notYet)
    }

    @Test func `leaves unsent what was due before the end`() {
        var (pacing, window) = self.pacing { $0.rate = 10 }
        #expect(pacing.take(now: window.end) == .over)
        // Three seconds at ten a second; what would be due at the end itself is not.
        #expect(pacing.waiting(now: window.end + 5_000_000_000) == 30)
    }

    @Test func `counts only measured requests against their number`() {
        var (pacing, window) = self.pacing { $0.length = .requests(2) }
        for _ in 0..<5 { #expect(pacing.take(now: window.measure - 1) == .send(due: window.measure - 1)) }
        #expect(pacing.take(now: window.measure) == .send(due: window.measure))
        #expect(pacing.take(now: window.measure) == .send(due: window.measure))
        #expect(pacing.take(now: window.measure) == .over)
    }

    @Test func `counts requests of an open loop when they are taken`() {
        var (pacing, window) = self.pacing {
            $0.rate = 1
            $0.length = .requests(1)
        }
        #expect(pacing.take(now: window.measure) == .send(due: window.begin))
        #expect(pacing.waiting(now: window.measure + 9_000_000_000) == 1)
        #expect(pacing.take(now: window.measure - 1) == .notYet)
        #expect(pacing.take(now: window.measure) == .send(due: window.measure))
        #expect(pacing.take(now: window.measure) == .over)
    }

    @Test func `divides a number of requests among loops without a rest`() {
        let counts = (0..<3).map { loop in
            var (pacing, window) = self.pacing(
                {
                    $0.threads = 3
                    $0.length = .requests(8)
                },
                loop: loop
            )
            var count = 0
            while case .send = pacing.take(now: window.measure) { count += 1 }
            return count
        }
        #expect(counts == [3, 3, 2])
    }
}
