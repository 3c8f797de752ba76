import PosternGateway
import PosternModel
import Testing

@Suite struct RejectionTests {
    @Test func `every rejection has a code of its own`() {
        #expect(Set(Rejection.allCases.map(\.code)).count == Rejection.allCases.count)
    }

    @Test(arguments: VerificationFailure.allCases)
    func `a forged request is the sender's fault, never ours`(failure: VerificationFailure) {
        #expect(Rejection(failure).statuses.allSatisfy { status in status == 401 || status == 403 })
        #expect(Rejection(failure).code == failure.rawValue)
    }

    @Test(arguments: [Rejection.databaseUnavailable, .overloaded, .stopping, .endpointUnusable])
    func `a fault of ours asks the sender to come back`(rejection: Rejection) {
        #expect(rejection.statuses == [503])
        #expect((rejection.retryAfterSeconds ?? 0) > 0)
    }
}
