import PosternModel
import PosternOutbound
import Testing

@Suite struct TimestampHTTPDateTests {
    @Test(
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 GMT",
        ]
    )
    func `is read in each of the three forms`(text: String) {
        #expect(Timestamp(httpDate: text) == Timestamp(seconds: 784_111_777))
    }

    @Test(
        arguments: [
            ("Thu, 01-Jan-70 00:00:00 GMT", 0), ("Wed, 01-Jan-69 00:00:00 GMT", 3_124_224_000),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ] as [(String, Int64)]
    )
    func `is right at the edges`(text: String, seconds: Int64) {
        #expect(Timestamp(httpDate: text)?.seconds == seconds)
    }

    @Test(
        arguments: [
            "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Nov 19940 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 006 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994-x 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:-9:37 GMT",
        ]
    )
    func `is refused otherwise`(text: String) { #expect(Timestamp(httpDate: text) == nil) }
}
