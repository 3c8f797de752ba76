import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct EventMatcherTests {
    typealias Filter = SubscriptionFilter

    static let endpoint = EndpointID(UniqueID.timeOrdered(at: Timestamp(seconds: 1_700_000_000)))

    /// A matcher of one subscription.
    static func matcher(_ types: String = "*", _ filters: Filter...) -> EventMatcher {
        EventMatcher([Self.subscription(types, filters)])
    }

    static func subscription(_ types: String, _ filters: [Filter] = []) -> SubscriptionRecord {
        SubscriptionRecord(id: SubscriptionID.fresh(at: Timestamp(seconds: 0)), typeGlob: types, filters: filters)
    }

    static func matches(
        _ matcher: EventMatcher,
        type: String = "meta.message.received",
        account: String? = "1078",
        subject: String? = nil,
        data: String = "{}"
    ) -> Bool {
        matcher.matches(
            type: type,
            account: account,
            platform: "meta",
            subject: subject,
            endpoint: Self.endpoint,
            data: Array(data.utf8)
        )
    }

    @Test func `matches everything without subscriptions`() {
        let matcher = EventMatcher([])
        #expect(matcher.matchesEverything)
        #expect(Self.matches(matcher, data: "not JSON"))
    }

    @Test func `matches what one of the subscriptions asks for`() {
        let matcher = EventMatcher([Self.subscription("stripe.*"), Self.subscription("meta.message.*")])
        #expect(Self.matches(matcher, type: "meta.message.received"))
        #expect(Self.matches(matcher, type: "stripe.charge"))
        #expect(!Self.matches(matcher, type: "meta.status"))
        #expect(!matcher.matchesEverything)
    }

    @Test func `knows when no event needs a look`() {
        let filter = Filter(field: .account, test: .exists)
        let deep = Filter(field: .data(["a"]), test: .exists)
        #expect(EventMatcher([Self.subscription("a*", [deep]), Self.subscription("*")]).matchesEverything)
        #expect(!EventMatcher([Self.subscription("*", [filter])]).matchesEverything)
        #expect(!EventMatcher([Self.subscription("*", [deep])]).matchesEverything)
    }

    @Test func `asks all filters of a subscription`() {
        let matcher = Self.matcher(
            "meta.*",
            Filter(field: .account, test: .equals(.text("1078"))),
            Filter(field: .data(["to"]), test: .equals(.text("x")))
        )
        #expect(Self.matches(matcher, data: #"{"to":"x"}"#))
        #expect(!Self.matches(matcher, data: #"{"to":"y"}"#))
        #expect(!Self.matches(matcher, account: "1079", data: #"{"to":"x"}"#))
        #expect(!Self.matches(matcher, type: "stripe.charge", data: #"{"to":"x"}"#))
    }

    @Test(
        arguments: [
            (.equals(.text("1078")), true, false), (.equals(.text("107")), false, false),
            (.notEquals(.text("1078")), false, true), (.notEquals(.text("x")), true, true),
            (.oneOf([.text("x"), .text("1078")]), true, false), (.oneOf([]), false, false), (.exists, true, false),
            (.prefix("10"), true, false), (.prefix(""), true, false), (.prefix("10789"), false, false),
            (.equals(.number("1078")), false, false), (.notEquals(.number("1078")), true, true),
            (.equals(.boolean(true)), false, false),
        ] as [(Filter.Test, Bool, Bool)]
    )
    func `tests an attribute and its absence`(test: Filter.Test, ofValue: Bool, ofNothing: Bool) {
        let matcher = Self.matcher("*", Filter(field: .account, test: test))
        #expect(Self.matches(matcher, account: "1078") == ofValue)
        #expect(Self.matches(matcher, account: nil) == ofNothing)
        let subject = Self.matcher("*", Filter(field: .subject, test: test))
        #expect(Self.matches(subject, subject: "1078") == ofValue)
        #expect(Self.matches(subject, subject: nil) == ofNothing)
    }

    @Test func `tests platform type and endpoint`() {
        #expect(Self.matches(Self.matcher("*", Filter(field: .platform, test: .equals(.text("meta"))))))
        #expect(!Self.matches(Self.matcher("*", Filter(field: .platform, test: .equals(.text("Meta"))))))
        #expect(Self.matches(Self.matcher("*", Filter(field: .type, test: .prefix("meta.")))))
        let own = Filter(field: .endpoint, test: .equals(.text(Self.endpoint.description)))
        #expect(Self.matches(Self.matcher("*", own)))
        let other = EndpointID.fresh(at: Timestamp(seconds: 5)).description
        #expect(!Self.matches(Self.matcher("*", Filter(field: .endpoint, test: .equals(.text(other))))))
    }

    @Test(
        arguments: [
            (#"{"a":{"b":"x"}}"#, .equals(.text("x")), true), (#"{"a":{"b":"\u0078"}}"#, .equals(.text("x")), true),
            (#"{"\u0061":{"b":"x"}}"#, .equals(.text("x")), true), (#"{"a":{"b":5}}"#, .equals(.number("5")), true),
            (#"{"a":{"b":5.0}}"#, .equals(.number("5")), true), (#"{"a":{"b":"5"}}"#, .equals(.number("5")), false),
            (#"{"a":{"b":5}}"#, .equals(.text("5")), false), (#"{"a":{"b":true}}"#, .equals(.boolean(true)), true),
            (#"{"a":{"b":true}}"#, .equals(.boolean(false)), false),
            (#"{"a":{"b":"true"}}"#, .equals(.boolean(true)), false),
            (#"{"a":{"b":9007199254740993}}"#, .equals(.number("9007199254740992")), false),
            (#"{"a":{"b":5}}"#, .equals(.number("five")), false),
            (#"{"a":{"b":5}}"#, .notEquals(.number("five")), true),
            (#"{"a":{"b":null}}"#, .exists, false), (#"{"a":{"b":null}}"#, .notEquals(.text("x")), true),
            (#"{"a":{"b":{}}}"#, .exists, true), (#"{"a":{"b":[]}}"#, .exists, true),
            (#"{"a":{"b":""}}"#, .exists, true), (#"{"a":{"c":1}}"#, .exists, false), (#"{"a":5}"#, .exists, false),
            (#"{"a":5}"#, .notEquals(.text("x")), true),
            (#"{"a":{"b":["x"]}}"#, .equals(.text("x")), false), (#"{"a":{"b":"xyz"}}"#, .prefix("xy"), true),
            (#"{"a":{"b":"xyz"}}"#, .prefix("y"), false), (#"{"a":{"b":512}}"#, .prefix("5"), false),
            (#"{"a":{"b":2}}"#, .oneOf([.number("1"), .number("2.0")]), true),
            (#"{"a.b":"x"}"#, .exists, false), (#"{"a":{"b":"x","b":"y"}}"#, .equals(.text("x")), true),
            (#"{"a":{"b":"é"}}"#, .equals(.text("e\u{301}")), false),
            ("[]", .exists, false), ("\"a\"", .exists, false), ("", .exists, false),
            ("{", .notEquals(.text("x")), true),
            (#"{"a":{"b":"x"}} "#, .exists, true), (#"{"a":{"b":"x"}"#, .exists, false),
        ] as [(String, Filter.Test, Bool)]
    )
    func `tests a value in the data`(data: String, test: Filter.Test, isMatch: Bool) {
        let matcher = Self.matcher("*", Filter(field: .data(["a", "b"]), test: test))
        #expect(Self.matches(matcher, data: data) == isMatch)
    }

    @Test(
        arguments: [
            ("0", true), ("1", true), ("2", false), ("00", true), ("-1", false), ("x", false),
            ("99999999999999999999", false),
        ]
    )
    func `takes a number as a place in an array`(step: String, isThere: Bool) {
        let matcher = Self.matcher("*", Filter(field: .data(["entry", step, "id"]), test: .exists))
        #expect(Self.matches(matcher, data: #"{"entry":[{"id":1},{"id":2}]}"#) == isThere)
    }

    @Test func `takes a number as a name in an object`() {
        let matcher = Self.matcher("*", Filter(field: .data(["0"]), test: .equals(.text("x"))))
        #expect(Self.matches(matcher, data: #"{"0":"x"}"#))
    }

    @Test func `has no fields for data past the reader's limits`() {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        let data = #"{"a":1,"b":"# + deep + "}"
        #expect(!Self.matches(Self.matcher("*", Filter(field: .data(["a"]), test: .exists)), data: data))
    }

    @Test func `decides by attributes without the data where it can`() {
        let deep = Filter(field: .data(["a"]), test: .exists)
        let matcher = EventMatcher([Self.subscription("*", [deep]), Self.subscription("meta.*")])
        #expect(Self.matches(matcher, data: "no JSON at all"))
    }
}
