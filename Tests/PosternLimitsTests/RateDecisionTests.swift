import PosternLimits
import Testing

@Suite struct RateDecisionTests {
    @Test(
        arguments: [
            (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (2_000_000_000, 2), (0, 1),
            (.max, 9_223_372_037),
        ] as [(Int64, Int)]
    )
    func `rounds the wait up to whole seconds, one at least`(nanoseconds: Int64, seconds: Int) {
        let decision = RateDecision(isAdmitted: false, remaining: 0, retryAfterNanoseconds: nanoseconds)
        #expect(decision.retryAfterSeconds == seconds)
    }

    @Test func `has no wait when admitted`() {
        #expect(RateDecision(isAdmitted: true, remaining: 3, retryAfterNanoseconds: 0).retryAfterSeconds == 0)
        #expect(RateDecision.unlimited.retryAfterSeconds == 0)
        #expect(RateDecision.unlimited.isAdmitted)
    }
}
