import PosternModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("2026-11-21T00:00:00Z", 1_795_219_200_000_000),
        ("2026-11-21T00:00:00.123456789Z", 1_795_219_200_123_456),
        ("2020-01-01T00:00:00-07:00", 1_577_862_000_000_000),
        ("2026-11-20T23:59:58+0000", 1_795_219_198_000_000),
        ("2026-11-20 23:59:58", 1_795_219_198_000_000),
        ("2026-11-20T23:59:58.123456", 1_795_219_198_123_456),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2024-02-29T00:00Z", 1_709_164_800_000_000),
    ])
    func `reads ISO 8601 as platforms write it`(text: String, microseconds: Int) {
        #expect(Timestamp(iso8601: text)?.microseconds == Int64(microseconds))
    }

    @Test(arguments: [
        "", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21", "2026-11-21T24:00:00Z",
        "2026-11-21T00:60:00Z", "2026-11-21T00:00:61Z", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00Zx",
        "2026-11-21T00:00:00+24:00", " 2026-11-21T00:00:00Z", "٢026-11-21T00:00:00Z",
    ])
    func `refuses what is not a time`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: [
        ("Fri Nov 20 23:59:58 +0000 2026", 1_795_219_198), ("Fri Nov 20 23:59:58 -0100 2026", 1_795_222_798),
    ])
    func `reads the older form of X`(text: String, seconds: Int) {
        #expect(Timestamp(rubyDate: text)?.seconds == Int64(seconds))
    }

    @Test(arguments: [
        "", "Fri Nov 20 23:59:58 2026", "Fri Foo 20 23:59:58 +0000 2026", "Fri Nov 200 23:59:58 +0000 2026",
    ])
    func `refuses other words`(text: String) {
        #expect(Timestamp(rubyDate: text) == nil)
    }

    @Test func `reads decimal seconds with a fraction`() {
        #expect(Timestamp(decimal: "1795219197.5", unit: .seconds)?.microseconds == 1_795_219_197_500_000)
        #expect(Timestamp(decimal: "1795219197500", unit: .milliseconds)?.microseconds == 1_795_219_197_500_000)
        #expect(Timestamp(decimal: "0", unit: .seconds)?.microseconds == 0)
    }

    @Test(arguments: ["", "-1", "+1", "1e9", "0x10", "1.", ".5", "1 ", "99999999999999999", "253402300800"])
    func `refuses what is not decimal seconds`(text: String) {
        #expect(Timestamp(decimal: text, unit: .seconds) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_795_219_199_100_000, "2026-11-20T23:59:59.100Z"),
        (253_402_300_799_000_000, "9999-12-31T23:59:59Z"), (1_000, "1970-01-01T00:00:00.001Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
    ])
    func `writes ISO 8601 and reads it back`(microseconds: Int, text: String) {
        let time = Timestamp(microseconds: Int64(microseconds))
        #expect(time.description == text)
        #expect(Timestamp(iso8601: text) == time)
    }

    @Test func `arithmetic saturates instead of trapping`() {
        #expect(Timestamp(seconds: .max).microseconds == .max)
        #expect(Timestamp(milliseconds: .min).microseconds == .min)
        #expect(Timestamp(microseconds: .max).advanced(by: .seconds(1)).microseconds == .max)
        #expect(Timestamp(microseconds: .min).microseconds(since: Timestamp(microseconds: 1)) == .min)
        #expect(Timestamp(microseconds: 5).advanced(by: .microseconds(-7)).microseconds == -2)
    }
}
