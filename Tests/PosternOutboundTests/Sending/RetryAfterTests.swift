import PosternModel
import PosternOutbound
import Testing

@Suite struct RetryAfterTests {
    /// Sat, 21 Nov 2026 00:00:00 GMT.
    private static let now = Timestamp(seconds: 1_795_219_200)

    @Test(
        arguments: [
            ("0", .zero), ("120", .seconds(120)), (" 7\t", .seconds(7)), ("0007", .seconds(7)),
            ("9999999999", .seconds(9_999_999_999 as Int64)),
            ("99999999999999999999999999", .seconds(9_999_999_999 as Int64)),
            ("Sat, 21 Nov 2026 00:01:30 GMT", .seconds(90)), ("Saturday, 21-Nov-26 00:01:30 GMT", .seconds(90)),
            ("Sat Nov 21 00:01:30 2026", .seconds(90)), ("Fri, 20 Nov 2026 23:59:59 GMT", .zero),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .zero),
        ] as [(String, Duration)]
    )
    func `is seconds or a date`(value: String, duration: Duration) {
        #expect(RetryAfter.read(value, at: Self.now) == duration)
    }

    @Test(arguments: [nil, "", " ", "-1", "+1", "1.5", "1s", "soon", "0x10", "Sat, 21 Nov 2026 00:01:30 CET", "٣"])
    func `is nothing else`(value: String?) { #expect(RetryAfter.read(value, at: Self.now) == nil) }
}
