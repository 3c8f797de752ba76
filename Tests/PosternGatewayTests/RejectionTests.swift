import PosternGateway
import PosternModel
import PosternPlatforms
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

    /// Every limit there is.
    private static let limits = LimitTier.allCases.map(\.rejection)

    @Test func `a limit and its rejection have the same name`() {
        for tier in LimitTier.allCases { #expect(tier.rejection.code == "\(tier.name)_limited") }
    }

    @Test(arguments: Self.limits)
    func `over a limit a sender that comes back after 429 gets 429`(rejection: Rejection) {
        #expect(rejection.status { _ in .retry } == 429)
        #expect(rejection.status { _ in nil } == 429)
    }

    @Test(arguments: Self.limits, [SenderAction.final, .disable])
    func `over a limit a sender that gives up after 429 gets 503`(rejection: Rejection, action: SenderAction) {
        #expect(rejection.status { $0 == 429 ? action : .retry } == 503)
    }

    @Test func `a sender that never comes back is told the truth`() {
        #expect(Rejection.organizationLimited.status { _ in .final } == 429)
        #expect(Rejection.organizationLimited.status { $0 == 429 ? .disable : .final } == 503)
    }

    @Test func `every platform that comes back after anything comes back after our answer to a limit`() throws {
        let catalog = try PlatformCatalog.load()
        #expect(catalog.all.count >= 39)
        for platform in catalog.all {
            let status = Rejection.organizationLimited.status { platform.sender.action(after: $0) }
            let comesBack = [429, 503].contains { platform.sender.action(after: $0) == .retry }
            if comesBack { #expect(platform.sender.action(after: status) == .retry, "\(platform.name)") }
        }
    }

    @Test func `what a tenant or we did wrong is not charged to the sender's address`() {
        let free: [Rejection] = [.endpointDisabled, .databaseUnavailable, .overloaded, .stopping, .endpointUnusable]
        #expect((free + Self.limits).allSatisfy { !$0.spendsAddress && !$0.spendsUnverified })
    }

    @Test(arguments: VerificationFailure.allCases)
    func `a forged request spends its address's and the endpoint's unverified budget`(failure: VerificationFailure) {
        #expect(Rejection(failure).spendsAddress && Rejection(failure).spendsUnverified)
    }
}
