import PosternStore
import Testing

@Suite struct SubscriptionFilterTests {
    struct Reading: Sendable, CustomTestStringConvertible {
        let json: String
        let filter: SubscriptionFilter
        var testDescription: String { self.json }
    }

    static let readings: [Reading] = [
        Reading(
            json: #"{"field":"account","op":"equals","value":"acct_1"}"#,
            filter: SubscriptionFilter(field: .account, test: .equals(.text("acct_1")))
        ),
        Reading(
            json: #"{"field":"platform","op":"in","value":["github","stripe"]}"#,
            filter: SubscriptionFilter(field: .platform, test: .oneOf([.text("github"), .text("stripe")]))
        ),
        Reading(
            json: #"{"field":"type","op":"prefix","value":"com.github."}"#,
            filter: SubscriptionFilter(field: .type, test: .prefix("com.github."))
        ),
        Reading(
            json: #"{"field":"subject","op":"not_equals","value":""}"#,
            filter: SubscriptionFilter(field: .subject, test: .notEquals(.text("")))
        ),
        Reading(
            json: #"{"field":"endpoint","op":"exists"}"#,
            filter: SubscriptionFilter(field: .endpoint, test: .exists)
        ),
        Reading(
            json: #"{"field":"data.order.total","op":"equals","value":12345678901234567890.10}"#,
            filter: SubscriptionFilter(
                field: .data(["order", "total"]),
                test: .equals(.number("12345678901234567890.10"))
            )
        ),
        Reading(
            json: #"{"field":"data.paid","op":"in","value":[true,"yes",1]}"#,
            filter: SubscriptionFilter(
                field: .data(["paid"]),
                test: .oneOf([.boolean(true), .text("yes"), .number("1")])
            )
        ),
    ]

    @Test(arguments: Self.readings)
    func `reads what it writes, and the other way round`(reading: Reading) throws {
        #expect(try SubscriptionFilter.list(reading: Array("[\(reading.json)]".utf8)) == [reading.filter])
        #expect(String(decoding: SubscriptionFilter.json([reading.filter]), as: UTF8.self) == "[\(reading.json)]")
    }

    @Test func `reads one object as a list of one, and no filter as none`() throws {
        #expect(try SubscriptionFilter.list(reading: Array(#"{"field":"account","op":"exists"}"#.utf8)).count == 1)
        #expect(try SubscriptionFilter.list(reading: Array("[]".utf8)) == [])
    }

    static let refusals: [(json: String, reason: String)] = [
        (#"[1]"#, "filter 1: it must be an object"),
        (#"[{"op":"exists"}]"#, "filter 1: field is missing"),
        (#"[{"field":1,"op":"exists"}]"#, "filter 1: field is missing, or is no string"),
        (#"[{"field":"color","op":"exists"}]"#, "filter 1: field is 'color'"),
        (#"[{"field":"data","op":"exists"}]"#, "filter 1: field is 'data'"),
        (#"[{"field":"data..a","op":"exists"}]"#, "filter 1: field is 'data..a'"),
        (#"[{"field":"data.a.","op":"exists"}]"#, "filter 1: field is 'data.a.'"),
        (#"[{"field":"account"}]"#, "filter 1: op is missing"),
        (#"[{"field":"account","op":"like","value":"a"}]"#, "filter 1: op is 'like'"),
        (#"[{"field":"account","op":"exists","value":true}]"#, "filter 1: exists has no value"),
        (#"[{"field":"account","op":"equals"}]"#, "filter 1: value is missing"),
        (#"[{"field":"account","op":"equals","value":null}]"#, "filter 1: value is missing"),
        (#"[{"field":"data.a","op":"equals","value":{}}]"#, "filter 1: value is missing"),
        (#"[{"field":"account","op":"equals","value":1}]"#, "filter 1: account is text"),
        (#"[{"field":"account","op":"in","value":[]}]"#, "filter 1: in needs an array of 1 to 100 values"),
        (#"[{"field":"account","op":"in","value":"a"}]"#, "filter 1: in needs an array"),
        (#"[{"field":"data.a","op":"prefix","value":1}]"#, "filter 1: prefix needs a string"),
        (#"[{"field":"data.a","op":"equals","value":"\u0000"}]"#, "filter 1: a value has at most 500 bytes"),
        (#"[{"field":"account","op":"exists"},{"field":"account","op":"exists","not":1}]"#, "filter 2: there is no"),
        (#""account""#, "it must be an array"),
        (#"[{"#, "it is not JSON"),
        (#"[{"field":"data.a","op":"equals","value":[[[]]]}]"#, "it is not JSON: more than 4 levels"),
    ]

    @Test(arguments: Self.refusals)
    func `refuses what is no filter, and says which and why`(json: String, reason: String) throws {
        let error = #expect(throws: SubscriptionFilterError.self) {
            try SubscriptionFilter.list(reading: Array(json.utf8))
        }
        #expect(try #require(error).description.hasPrefix(reason), "\(String(describing: error))")
    }

    @Test(arguments: [(500, true), (501, false)])
    func `takes values of 500 bytes and no more`(length: Int, isTaken: Bool) throws {
        let value = String(repeating: "x", count: length)
        let json = Array(#"{"field":"account","op":"equals","value":"\#(value)"}"#.utf8)
        if isTaken {
            #expect(try SubscriptionFilter.list(reading: json).count == 1)
        } else {
            #expect(throws: SubscriptionFilterError.self) { try SubscriptionFilter.list(reading: json) }
        }
    }

    @Test(arguments: [(20, true), (21, false)])
    func `takes twenty filters and no more`(count: Int, isTaken: Bool) throws {
        let one = #"{"field":"account","op":"exists"}"#
        let json = Array("[\(Array(repeating: one, count: count).joined(separator: ","))]".utf8)
        if isTaken {
            #expect(try SubscriptionFilter.list(reading: json).count == 20)
        } else {
            #expect(throws: SubscriptionFilterError.tooMany(limit: 20)) { try SubscriptionFilter.list(reading: json) }
        }
    }

    @Test func `never traps on a text cut anywhere`() throws {
        let json = Array(#"[{"field":"data.order.total","op":"in","value":["a",1,true]}]"#.utf8)
        for length in 0..<json.count {
            #expect(throws: SubscriptionFilterError.self) {
                try SubscriptionFilter.list(reading: Array(json[..<length]))
            }
        }
    }
}
