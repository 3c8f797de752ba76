import PosternPostgres
import Testing

@Suite struct BackoffTests {
    @Test func `the bound doubles up to the ceiling and starts over after a success`() {
        for _ in 0..<100 {
            var backoff = Backoff(first: .milliseconds(100), ceiling: .milliseconds(500))
            for bound in [100, 200, 400, 500, 500] {
                let wait = backoff.next()
                #expect(wait >= .milliseconds(bound) / 2 && wait <= .milliseconds(bound))
            }
            backoff.reset()
            #expect(backoff.next() <= .milliseconds(100))
        }
    }

    @Test func `waits differ, so that many clients spread out`() {
        let waits = Set(
            (0..<100).map { _ in
                var backoff = Backoff(first: .seconds(2), ceiling: .seconds(2))
                return backoff.next()
            }
        )
        #expect(waits.count > 50)
    }
}
