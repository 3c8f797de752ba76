import NIOCore
import PosternHTTP
import Testing

@Suite struct DateLineTests {
    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_795_244_400, "Sat, 21 Nov 2026 07:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)]
    )
    func `writes the date of HTTP`(seconds: Int64, text: String) {
        #expect(DateLine.text(seconds) == text)
    }

    @Test func `looks at the wall clock at most four times a second`() {
        final class Clock {
            var reads = 0
            var seconds: Int64 = 784_111_777
        }
        let clock = Clock()
        var line = DateLine(clock: {
            clock.reads += 1
            return clock.seconds
        })
        let start = NIODeadline.uptimeNanoseconds(5)
        func text(_ after: TimeAmount) -> String {
            var output = ByteBuffer()
            line.append(to: &output, now: start + after)
            return String(buffer: output)
        }
        #expect(text(.zero) == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        clock.seconds += 1
        #expect(text(.milliseconds(249)) == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        #expect(clock.reads == 1)
        #expect(text(.milliseconds(250)) == "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n")
        #expect(text(.milliseconds(500)) == "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n")
        #expect(clock.reads == 3)
    }

    @Test func `reads a wall clock of this century`() {
        #expect(DateLine.systemSeconds() > 1_700_000_000)
    }
}
