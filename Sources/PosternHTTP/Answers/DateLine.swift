internal import Glibc
package import NIOCore

/// The `Date` line of answers, written anew only when the second may have changed.
///
/// Belongs to one event loop. The wall clock is read at most four times a second, so the line is at most 250 ms late.
package struct DateLine {
    private var line: ByteBuffer
    private var freshUntil: NIODeadline
    private var second: Int64
    private let clock: () -> Int64

    /// Makes the line of one event loop.
    ///
    /// - Parameter clock: Reads the wall clock: whole seconds since 1970-01-01 UTC.
    package init(clock: @escaping () -> Int64 = DateLine.systemSeconds) {
        self.line = ByteBuffer()
        self.freshUntil = .uptimeNanoseconds(0)
        self.second = Int64.min
        self.clock = clock
    }

    /// Appends `Date: Sat, 21 Nov 2026 07:00:00 GMT` with its line end.
    package mutating func append(to output: inout ByteBuffer, now: NIODeadline) {
        if now >= self.freshUntil {
            self.freshUntil = now + .milliseconds(250)
            let second = self.clock()
            if second != self.second {
                self.second = second
                self.line.clear()
                self.line.writeString("Date: \(Self.text(second))\r\n")
            }
        }
        output.writeImmutableBuffer(self.line)
    }

    /// Reads the system's wall clock in whole seconds since 1970-01-01 UTC.
    package static func systemSeconds() -> Int64 {
        Int64(time(nil))
    }

    /// Writes seconds since 1970-01-01 UTC as an IMF-fixdate.
    ///
    /// Source: RFC 9110, section 5.6.7; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    package static func text(_ seconds: Int64) -> String {
        let time = max(0, seconds)
        let days = time / 86_400
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let clock = [time / 3600 % 24, time / 60 % 60, time % 60].map(Self.twoDigits).joined(separator: ":")
        return """
            \(weekdays[Int(days % 7)]), \(Self.twoDigits(day)) \(names[Int(month) - 1]) \(year) \(clock) GMT
            """
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}
