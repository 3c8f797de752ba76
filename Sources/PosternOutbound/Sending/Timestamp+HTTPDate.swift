package import PosternModel

extension Timestamp {
    /// Reads a date of HTTP in any of its three forms; `nil` for anything else.
    ///
    /// The day of the week is not compared with the date. A year of two digits is of this century below 70.
    ///
    /// Source: RFC 9110, section 5.6.7.
    package init?(httpDate text: some StringProtocol) {
        let words = text.split(separator: " ")
        let fields: (day: Substring, month: Substring, year: Substring, clock: Substring)
        switch words.count {
        // Sun, 06 Nov 1994 08:49:37 GMT
        case 6 where words[5] == "GMT":
            fields = (Self.cut(words[1]), Self.cut(words[2]), Self.cut(words[3]), Self.cut(words[4]))
        // Sunday, 06-Nov-94 08:49:37 GMT
        case 4 where words[3] == "GMT":
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            fields = (Self.cut(parts[0]), Self.cut(parts[1]), Self.cut(parts[2]), Self.cut(words[2]))
        // Sun Nov  6 08:49:37 1994
        case 5: fields = (Self.cut(words[2]), Self.cut(words[1]), Self.cut(words[4]), Self.cut(words[3]))
        default: return nil
        }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = months.firstIndex(of: String(fields.month)), let day = Self.digits(fields.day, 1...2),
            let year = Self.year(fields.year),
            let date = CivilDate(year: year, month: Int64(month) + 1, day: day)
        else { return nil }
        let clock = fields.clock.split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = Self.digits(clock[0], 2...2), hour < 24,
            let minute = Self.digits(clock[1], 2...2), minute < 60, let second = Self.digits(clock[2], 2...2),
            second <= 60
        else { return nil }
        self.init(seconds: date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second)
    }

    private static func cut(_ text: some StringProtocol) -> Substring { Substring(text) }

    private static func year(_ text: Substring) -> Int64? {
        if let year = Self.digits(text, 4...4) { return year }
        return Self.digits(text, 2...2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
    }

    private static func digits(_ text: Substring, _ counts: ClosedRange<Int>) -> Int64? {
        guard counts.contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }
}
