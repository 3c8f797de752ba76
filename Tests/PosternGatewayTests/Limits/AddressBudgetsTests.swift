import PosternGateway
import PosternHTTP
import PosternLimits
import PosternModel
import Testing

@Suite struct AddressBudgetsTests {
    private static let endpoint = EndpointID(UniqueID(high: 2, low: 1))
    private static let elsewhere = EndpointID(UniqueID(high: 2, low: 2))
    private static let start: Int64 = 5_000_000_000

    private static func address(_ text: String) throws -> PeerAddress { try #require(PeerAddress(text: text)) }

    private static func budgets(_ perMinute: Int, burst: Int) -> AddressBudgets {
        let budgets = AddressBudgets(capacity: 1024)
        budgets.adopt(
            LimitPolicy(
                name: "address",
                limit: RateLimit(requestsPerMinute: perMinute, burst: burst),
                isShadow: false
            )
        )
        return budgets
    }

    @Test func `an address that sent nothing wrong is never refused`() throws {
        let budgets = Self.budgets(1, burst: 1)
        for _ in 0..<100 { #expect(try budgets.decision(Self.address("192.0.2.1"), now: Self.start).isAdmitted) }
    }

    @Test func `only the address that sent what was not verified runs out`() throws {
        let budgets = Self.budgets(60, burst: 3)
        let forger = try Self.address("192.0.2.1")
        for _ in 0..<3 {
            #expect(budgets.decision(forger, now: Self.start).isAdmitted)
            budgets.charge(forger, now: Self.start)
        }
        #expect(!budgets.decision(forger, now: Self.start).isAdmitted)
        #expect(try budgets.decision(Self.address("192.0.2.2"), now: Self.start).isAdmitted)
        #expect(budgets.decision(forger, now: Self.start + 1_000_000_000).isAdmitted, "one comes back in a second")
    }

    @Test func `addresses of one IPv6 network are one sender`() throws {
        let budgets = Self.budgets(60, burst: 1)
        budgets.charge(try Self.address("2001:db8:0:1::1"), now: Self.start)
        #expect(try !budgets.decision(Self.address("2001:db8:0:1:ffff::9"), now: Self.start).isAdmitted)
        #expect(try budgets.decision(Self.address("2001:db8:0:2::1"), now: Self.start).isAdmitted)
    }

    @Test func `a sender that proved itself to an endpoint is always tried there, for a day`() throws {
        let budgets = Self.budgets(60, burst: 1)
        let sender = try Self.address("192.0.2.1")
        budgets.remember(sender, Self.endpoint, now: Self.start)
        for _ in 0..<50 { #expect(budgets.mayBeTried(sender, Self.endpoint, now: Self.start)) }
        let day: Int64 = 86_400_000_000_000
        #expect(budgets.mayBeTried(sender, Self.endpoint, now: Self.start + day - 1))
        let later = (0..<50).filter { _ in budgets.mayBeTried(sender, Self.endpoint, now: Self.start + day) }
        #expect(later.count < 50)
    }

    @Test func `proof to one endpoint opens no other, and a stranger gets one try in four`() throws {
        let budgets = Self.budgets(60, burst: 1)
        let sender = try Self.address("192.0.2.1")
        budgets.remember(sender, Self.endpoint, now: Self.start)
        let tries = (0..<400).filter { _ in budgets.mayBeTried(sender, Self.elsewhere, now: Self.start) }
        #expect(tries.count == 100)
    }

    @Test func `without a limit nothing is charged`() throws {
        let budgets = AddressBudgets(capacity: 1024)
        let sender = try Self.address("192.0.2.1")
        for _ in 0..<100 { budgets.charge(sender, now: Self.start) }
        #expect(budgets.decision(sender, now: Self.start).isAdmitted)
    }
}
