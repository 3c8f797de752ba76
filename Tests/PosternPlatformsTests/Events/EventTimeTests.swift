import PosternModel
import PosternPlatforms
import Testing

@Suite struct EventTimeTests {
    @Test(arguments: [
        ("1795219200", "s", 1_795_219_200_000_000), (#""1795219200""#, "s", 1_795_219_200_000_000),
        ("1795219197.5", "s", 1_795_219_197_500_000), ("1795219199100", "ms", 1_795_219_199_100_000),
        ("1795219199100200", "us", 1_795_219_199_100_200),
        (#""2026-11-20T23:59:58.000Z""#, "iso8601", 1_795_219_198_000_000),
        (#""2026-11-21T00:59:58+01:00""#, "iso8601", 1_795_219_198_000_000),
        (#""2026-11-20 23:59:58""#, "iso8601", 1_795_219_198_000_000),
        (#""Fri Nov 20 23:59:58 +0000 2026""#, "ruby", 1_795_219_198_000_000), ("0", "s", 0), ("0", "auto", 0),
        ("1795219200", "auto", 1_795_219_200_000_000), ("99999999999", "auto", 99_999_999_999_000_000),
        ("100000000000", "auto", 100_000_000_000_000), ("1795219199100", "auto", 1_795_219_199_100_000),
        ("99999999999999", "auto", 99_999_999_999_999_000), ("100000000000000", "auto", 100_000_000_000_000),
        ("1795219199100200", "auto", 1_795_219_199_100_200), ("1795219197.25", "auto", 1_795_219_197_250_000),
    ])
    func `reads each unit`(value: String, unit: String, microseconds: Int64) throws {
        #expect(try self.time(value, unit) == Timestamp(microseconds: microseconds))
    }

    @Test(arguments: [
        ("-1", "s"), (#""""#, "s"), (#""soon""#, "s"), ("1e9", "s"), ("99999999999999999999", "s"),
        ("253402300800", "s"),
        ("null", "s"), ("true", "s"), ("[1]", "s"), ("1795219200", "iso8601"), (#""2026-13-01T00:00:00Z""#, "iso8601"),
        (#""2026-11-20T23:59:58Z""#, "ruby"), (#""x""#, "auto"), ("-5", "auto"), ("12345678901234567890", "auto"),
    ])
    func `is unresolved where the value cannot be read`(value: String, unit: String) throws {
        #expect(try self.time(value, unit) == nil)
    }

    @Test func `takes the first of several that can be read`() throws {
        let plan = try EventPlan(yaml: "events: [{type: x, time: [body.a s, body.b iso8601, body.c ms]}]")
        let event = try plan.events(#"{"a":"never","b":null,"c":5000}"#).events.first
        #expect(event?.time == Timestamp(seconds: 5))
    }

    @Test func `finds the unit after a path with blanks in it`() throws {
        let plan = try EventPlan(yaml: #"events: [{type: x, time: 'body."sent at" s'}]"#)
        #expect(try plan.events(#"{"sent at":5}"#).events.first?.time == Timestamp(seconds: 5))
    }

    private func time(_ value: String, _ unit: String) throws -> Timestamp? {
        try EventPlan(yaml: "events: [{type: x, time: body.t \(unit)}]").events(#"{"t":\#(value)}"#).events.first?.time
    }
}
