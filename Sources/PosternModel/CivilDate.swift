/// A day of the Gregorian calendar, without a time zone.
package struct CivilDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01; negative before.
    package let daysSince1970: Int64

    /// Wraps a count of days.
    package init(daysSince1970: Int64) { self.daysSince1970 = daysSince1970 }

    /// The UTC day that holds `time`.
    package init(_ time: Timestamp) {
        let (quotient, remainder) = time.seconds.quotientAndRemainder(dividingBy: 86_400)
        self.daysSince1970 = remainder < 0 ? quotient - 1 : quotient
    }

    /// Joins year (1 to 9999), month and day; `nil` when there is no such day.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.daysSince1970 = era * 146_097 + dayOfEra - 719_468
    }

    /// The first moment of the day, UTC.
    package var start: Timestamp { Timestamp(seconds: self.daysSince1970 * 86_400) }

    /// Year, month and day as numbers.
    ///
    /// Source: Howard Hinnant, as above, civil_from_days.
    package var components: (year: Int64, month: Int64, day: Int64) {
        let shifted = self.daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// `2026-11-21`.
    package var description: String {
        let (year, month, day) = self.components
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        return "\(String(repeating: "0", count: max(0, 4 - String(year).utf8.count)))\(year)-\(two(month))-\(two(day))"
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSince1970 < right.daysSince1970 }
}
