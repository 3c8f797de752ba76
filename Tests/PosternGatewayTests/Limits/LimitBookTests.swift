import PosternGateway
import PosternLimits
import PosternModel
import PosternStore
import Testing

@Suite struct LimitBookTests {
    private static let organization = OrganizationID(UniqueID(high: 1, low: 1))
    private static let other = OrganizationID(UniqueID(high: 1, low: 2))
    private static let endpoint = EndpointID(UniqueID(high: 2, low: 1))

    private static func contents(
        tier: String = "free",
        perMinute: Int32? = 10,
        isShadow: Bool = false,
        own: Int32? = nil,
        scopes: [LimitScope: ConfiguredLimit] = [:]
    ) throws -> DirectoryContents {
        var contents = DirectoryContents()
        contents.organizations = [
            OrganizationLimit(
                organization: Self.organization,
                tier: tier,
                limit: ConfiguredLimit(requestsPerMinute: perMinute, isShadow: isShadow)
            ),
            OrganizationLimit(organization: Self.other, tier: "unlimited", limit: .unlimited),
        ]
        contents.limits = scopes
        contents.endpoints = [
            EndpointRecord(
                id: Self.endpoint,
                organization: Self.organization,
                platform: try #require(PlatformName("github")),
                key: try #require(EndpointKey("abcdefghijklmnop")),
                name: "repository",
                lane: Lane(organization: Self.organization, endpoint: Self.endpoint, count: 4),
                requestsPerMinute: own,
                createdAt: Timestamp(seconds: 0)
            )
        ]
        return contents
    }

    private static func book(_ contents: DirectoryContents) -> LimitBook {
        let book = LimitBook { 1_000_000_000 }
        book.adopt(contents, isComplete: true)
        return book
    }

    @Test func `what was used stays used when the directory is read again`() throws {
        let book = Self.book(try Self.contents())
        let budgets = try #require(book.budgets(of: Self.endpoint))
        for _ in 0..<10 { #expect(budgets.organization.take(now: 1_000_000_000).isAdmitted) }
        book.adopt(try Self.contents(), isComplete: true)
        let again = try #require(book.budgets(of: Self.endpoint))
        #expect(again === budgets, "entries compiled before keep the right budgets")
        #expect(!again.organization.take(now: 1_000_000_000).isAdmitted)
    }

    @Test func `a new tier is in force at once and forgives nothing`() throws {
        let book = Self.book(try Self.contents())
        let budget = try #require(book.budgets(of: Self.endpoint)).organization
        for _ in 0..<10 { _ = budget.take(now: 1_000_000_000) }
        book.adopt(try Self.contents(tier: "basic", perMinute: 60), isComplete: true)
        #expect(budget.policy.name == "basic")
        #expect(budget.take(now: 1_000_000_000).remaining == 49, "60 less the ten that were used and this one")
        book.adopt(try Self.contents(tier: "unlimited", perMinute: nil), isComplete: true)
        for _ in 0..<1000 { #expect(budget.take(now: 1_000_000_000).isAdmitted) }
    }

    @Test func `an endpoint's own limit wins over the one for every endpoint`() throws {
        let everyone = [LimitScope.endpoint: ConfiguredLimit(requestsPerMinute: 30, isShadow: true)]
        let common = Self.book(try Self.contents(scopes: everyone))
        #expect(try #require(common.budgets(of: Self.endpoint)).endpoint.policy.limit?.requestsPerMinute == 30)
        let own = Self.book(try Self.contents(own: 7, scopes: everyone))
        let policy = try #require(own.budgets(of: Self.endpoint)).endpoint.policy
        #expect(policy.limit?.requestsPerMinute == 7)
        #expect(policy.isShadow, "the mode is the limit's, whoever sets the number")
    }

    @Test func `a burst that is not given is a minute's worth`() throws {
        let book = Self.book(try Self.contents(perMinute: 25))
        #expect(try #require(book.budgets(of: Self.endpoint)).organization.policy.limit?.burst == 25)
    }

    @Test func `an endpoint that is gone loses its budgets, and organizations keep their number`() throws {
        let book = Self.book(try Self.contents())
        let share = try #require(book.budgets(of: Self.endpoint)).share
        var empty = try Self.contents()
        empty.endpoints = []
        book.adopt(empty, isComplete: true)
        #expect(book.budgets(of: Self.endpoint) == nil)
        book.adopt(try Self.contents(), isComplete: true)
        #expect(try #require(book.budgets(of: Self.endpoint)).share === share)
    }

    @Test func `one endpoint that was looked up leaves the others alone`() throws {
        let book = Self.book(try Self.contents(scopes: [.global: ConfiguredLimit(requestsPerMinute: 5)]))
        var lookedUp = try Self.contents()
        lookedUp.endpoints = []
        book.adopt(lookedUp, isComplete: false)
        #expect(book.budgets(of: Self.endpoint) != nil)
        #expect(book.global.policy.limit?.requestsPerMinute == 5)
    }

    @Test func `other gateways hear of each budget that was asked, once`() throws {
        let book = Self.book(try Self.contents(own: 100))
        let budgets = try #require(book.budgets(of: Self.endpoint))
        for _ in 0..<3 {
            _ = budgets.endpoint.take(now: 1_000_000_000)
            _ = budgets.organization.take(now: 1_000_000_000)
            _ = budgets.unverified.take(now: 1_000_000_000)
        }
        #expect(Set(book.drainAsked().map(\.tier)) == [.endpoint, .organization])
        #expect(book.drainAsked().isEmpty)
        #expect(book.budget(Self.organization.id) === budgets.organization)
        #expect(book.budget(Self.endpoint.id) === budgets.endpoint)
    }
}
