import NIOCore
import PosternGateway
import PosternHTTP
import PosternJSON
import PosternLimits
import Testing

@Suite struct LimitedAnswersTests {
    @Test func `the body names the limit, the tier and the wait`() throws {
        var answers = LimitedAnswers()
        let policy = LimitPolicy(
            name: "free",
            limit: RateLimit(requestsPerMinute: 10, burst: 10),
            isShadow: false
        )
        let answer = answers.answer(.organization, policy, status: 429, seconds: 6)
        #expect(answer.status == 429)
        let body = String(buffer: answer.body)
        for part in [
            #""success":false"#, #""code":"organization_limited""#, #""tier":"free""#, #""limit":"organization""#,
            #""requests_per_minute":10"#, #""retry_after":6"#,
        ] { #expect(body.contains(part), "\(part) in \(body)") }
    }

    @Test func `two waits of one limit are two answers`() {
        var answers = LimitedAnswers()
        let policy = LimitPolicy.unlimited("address")
        let bodies = [1, 2, 1].map { seconds in
            String(buffer: answers.answer(.address, policy, status: 503, seconds: seconds).body)
        }
        #expect(bodies[0] == bodies[2])
        #expect(bodies[0] != bodies[1])
    }
}
