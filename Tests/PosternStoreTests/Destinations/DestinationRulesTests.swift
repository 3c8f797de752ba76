import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DestinationRulesTests {
    private static let within = StoreDatabase.deadline

    struct Refusal: Sendable, CustomTestStringConvertible {
        let field: String
        let change: @Sendable (inout NewDestination) -> Void
        var testDescription: String { self.field }

        init(_ field: String, _ change: @escaping @Sendable (inout NewDestination) -> Void) {
            self.field = field
            self.change = change
        }
    }

    static let refusals: [Refusal] = [
        Refusal("name") { $0.name = "" },
        Refusal("name") { $0.name = String(repeating: "x", count: 101) },
        Refusal("name") { $0.name = "a\nb" },
        Refusal("name") { $0.name = "a\0b" },
        Refusal("name") { $0.name = "019aa000-0000-7000-8000-000000000001" },
        Refusal("url") { $0.url = nil },
        Refusal("url") { $0.url = "" },
        Refusal("url") { $0.url = "ftp://shop.example/" },
        Refusal("url") { $0.url = "https://shop.example/a b" },
        Refusal("url") { $0.url = "https://shop.example/é" },
        Refusal("url") { $0.url = "https://shop.example/" + String(repeating: "x", count: 1980) },
        Refusal("channel") { $0.channel = "c" },
        Refusal("signing_secret") { $0.signing = nil },
        Refusal("form") { $0.form = .slack },
        Refusal("form") { $0.form = .json },
        Refusal("timeout") { $0.timeout = .milliseconds(99) },
        Refusal("timeout") { $0.timeout = .milliseconds(120_001) },
        Refusal("concurrency") { $0.concurrency = 0 },
        Refusal("concurrency") { $0.concurrency = 1001 },
        Refusal("rate_per_second") { $0.ratePerSecond = 0 },
        Refusal("rate_per_second") { $0.ratePerSecond = 100_001 },
        Refusal("retry_delays") { $0.retryDelays = Array(repeating: .seconds(1), count: 21) },
        Refusal("retry_delays") { $0.retryDelays = [.seconds(-1)] },
        Refusal("retry_delays") { $0.retryDelays = [.seconds(604_801)] },
        Refusal("retry_delays") { $0.retryDelays = [.milliseconds(1500)] },
        Refusal("header") { $0.headers = [("", Secret("x"))] },
        Refusal("header") { $0.headers = [("a b", Secret("x"))] },
        Refusal("header") { $0.headers = [("a:", Secret("x"))] },
        Refusal("header") { $0.headers = [("a", Secret("x\r\ny"))] },
        Refusal("header") { $0.headers = [("a", Secret(""))] },
        Refusal("headers") { $0.headers = [("a", Secret("x")), ("A", Secret("y"))] },
        Refusal("headers") { $0.headers = (0..<21).map { ("h\($0)", Secret("x")) } },
        Refusal("subscriptions") { $0.subscriptions = Array(repeating: NewSubscription(), count: 51) },
        Refusal("type") { $0.subscriptions = [NewSubscription(typeGlob: "")] },
        Refusal("type") { $0.subscriptions = [NewSubscription(typeGlob: String(repeating: "x", count: 201))] },
        Refusal("filters") {
            $0.subscriptions = [
                NewSubscription(filters: [SubscriptionFilter(field: .account, test: .equals(.number("1")))])
            ]
        },
        Refusal("filters") {
            $0.subscriptions = [NewSubscription(filters: [SubscriptionFilter(field: .data([]), test: .exists)])]
        },
        Refusal("filters") {
            $0.subscriptions = [
                NewSubscription(filters: [SubscriptionFilter(field: .data(["a.b"]), test: .exists)])
            ]
        },
        Refusal("subscriptions") { new in
            new.kind = .alert
            new.form = .json
            new.subscriptions = [NewSubscription()]
        },
        Refusal("form") { $0.kind = .alert },
        Refusal("channel") { new in
            new.kind = .postgresNotify
            new.url = nil
            new.signing = nil
        },
        Refusal("url") { new in
            new.kind = .postgresNotify
            new.channel = "c"
            new.signing = nil
        },
        Refusal("secrets") { new in
            new.kind = .postgresNotify
            new.channel = "c"
            new.url = nil
        },
    ]

    @Test func `refuses what cannot be a destination, names the field, and stores nothing`() async throws {
        try await ShopDestination.with { shop, connection in
            for refusal in Self.refusals {
                var new = ShopDestination.new(of: shop.organization, name: "refused")
                refusal.change(&new)
                do {
                    _ = try shop.administration.createDestination(new, &connection, within: Self.within)
                    Issue.record("\(refusal.field): made")
                } catch ConfigurationError.invalid(let field, _) {
                    #expect(field == refusal.field)
                }
            }
            #expect(try connection.number("SELECT count(*) FROM postern.destinations") == 1)
        }
    }

    @Test(arguments: ["", "9a", "Shop", "a-b", "a;b", "postern_wakeup", String(repeating: "x", count: 64)])
    func `refuses what is no channel, or one of our own`(channel: String) async throws {
        try await ShopDestination.with { shop, connection in
            let new = NewDestination(
                organization: shop.organization,
                name: "app",
                kind: .postgresNotify,
                channel: channel
            )
            do {
                _ = try shop.administration.createDestination(new, &connection, within: Self.within)
                Issue.record("made")
            } catch ConfigurationError.invalid(let field, _) {
                #expect(field == "channel")
            }
        }
    }

    @Test func `takes the widest values there may be`() async throws {
        try await ShopDestination.with { shop, connection in
            var new = ShopDestination.new(of: shop.organization, name: String(repeating: "é", count: 100))
            new.url = "HTTPS://shop.example/" + String(repeating: "x", count: 1979)
            new.timeout = .seconds(120)
            new.concurrency = 1000
            new.ratePerSecond = 100_000
            new.retryDelays = Array(repeating: .seconds(604_800), count: 20)
            new.headers = (0..<20).map { ("h\($0)", Secret(String(repeating: "v", count: 8192))) }
            new.subscriptions = Array(
                repeating: NewSubscription(typeGlob: String(repeating: "é", count: 200)),
                count: 50
            )
            new.isOrdered = true
            new.allowsPrivate = true
            let made = try shop.administration.createDestination(new, &connection, within: Self.within).destination
            #expect(made.retryDelays.count == 20 && made.subscriptions.count == 50)
            #expect(made.isOrdered && made.allowsPrivate)
            new.name = "hasty"
            new.timeout = .milliseconds(100)
            new.retryDelays = []
            new.concurrency = 1
            new.ratePerSecond = 1
            let hasty = try shop.administration.createDestination(new, &connection, within: Self.within).destination
            #expect(hasty.retryDelays.isEmpty && hasty.timeout == .milliseconds(100))
        }
    }
}
