extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with as many of three or six fraction digits as the value needs: `2026-11-21T00:00:00.123Z`.
    package var description: String {
        let day = self.seconds.flooredQuotient(by: 86_400)
        let date = CivilDate(daysSince1970: day)
        let inDay = self.seconds - day * 86_400
        let fraction = self.microseconds - self.seconds * 1_000_000
        var text = "\(date)T\(padded(inDay / 3600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))"
        if fraction % 1000 != 0 {
            text += ".\(padded(fraction, 6))"
        } else if fraction != 0 {
            text += ".\(padded(fraction / 1000, 3))"
        }
        return text + "Z"
    }

    /// Reads ISO 8601 as platforms write it.
    ///
    /// Accepts `YYYY-MM-DD`, then `T` or a space, `hh:mm`, optional `:ss`, a fraction of any length (digits past the
    /// microsecond are dropped), and `Z`, `±hh:mm`, `±hhmm`, `±hh` or nothing (read as UTC). Returns `nil` otherwise.
    ///
    /// Source: RFC 3339, section 5.6; the looser forms are what Meta (`+0000`) and Discord (no zone) send.
    package init?(iso8601 text: some StringProtocol) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), let date = CivilDate(year: year, month: month, day: day),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.digits(2), hour < 24, reader.take(":"), let minute = reader.digits(2), minute < 60
        else { return nil }
        var second: Int64 = 0
        if reader.take(":") {
            // 60 is a leap second; PostgreSQL reads it as the next minute, and so does the sum below.
            guard let value = reader.digits(2), value <= 60 else { return nil }
            second = value
        }
        var fraction: Int64 = 0
        if reader.take(".") || reader.take(",") {
            guard let value = reader.fraction() else { return nil }
            fraction = value
        }
        var offset: Int64 = 0
        if !reader.atEnd, !reader.take("Z"), !reader.take("z") {
            let sign: Int64
            if reader.take("+") { sign = 1 } else if reader.take("-") { sign = -1 } else { return nil }
            guard let hours = reader.digits(2), hours < 24 else { return nil }
            offset = hours * 3600
            if !reader.atEnd {
                _ = reader.take(":")
                guard let minutes = reader.digits(2), minutes < 60 else { return nil }
                offset += minutes * 60
            }
            offset *= sign
        }
        guard reader.atEnd else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Reads the form of Ruby's and X's older APIs: `Fri Nov 20 23:59:58 +0000 2026`.
    ///
    /// Source: X developer documentation, "created_at" of Account Activity payloads (read 2026-11-21).
    package init?(rubyDate text: some StringProtocol) {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, let month = months.firstIndex(of: String(parts[1])), parts[2].utf8.count <= 2,
            let day = Int64(parts[2])
        else { return nil }
        self.init(iso8601: "\(parts[5])-\(padded(Int64(month) + 1, 2))-\(padded(day, 2))T\(parts[3])\(parts[4])")
    }

    /// Reads a number of `unit`s since 1970, with an optional fraction, as decimal digits.
    ///
    /// Returns `nil` for anything else: signs, exponents, blanks and values past the year 9999 are refused.
    package init?(decimal text: some StringProtocol, unit: DecimalUnit) {
        var reader = DigitReader(text.utf8)
        guard let whole = reader.digits(upTo: 16), whole <= 253_402_300_799 * unit.perSecond else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let value = reader.fraction() else { return nil }
            fraction = value
        }
        guard reader.atEnd else { return nil }
        self.init(microseconds: whole * (1_000_000 / unit.perSecond) + fraction / unit.perSecond)
    }

    /// What one step of a decimal timestamp is.
    package enum DecimalUnit: Sendable {
        case seconds
        case milliseconds
        case microseconds

        fileprivate var perSecond: Int64 {
            switch self {
            case .seconds: 1
            case .milliseconds: 1000
            case .microseconds: 1_000_000
            }
        }
    }
}

/// Writes a non-negative number with leading zeros.
private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A cursor over ASCII digits and marks.
private struct DigitReader {
    /// A copy: a generic view would not be specialized across modules, and cost more than all the rest of an event.
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { self.rest = Array(bytes)[...] }

    var atEnd: Bool { self.rest.isEmpty }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard self.rest.first == UInt8(ascii: mark) else { return false }
        self.rest = self.rest.dropFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = self.digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func digits(upTo limit: Int) -> Int64? {
        var value: Int64 = 0
        var read = 0
        while let digit = self.digit() {
            read += 1
            guard read <= limit else { return nil }
            value = value * 10 + digit
        }
        return read == 0 ? nil : value
    }

    /// Reads at least one digit and gives them as microseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var read = 0
        while let digit = self.digit() {
            if read < 6 { value = value * 10 + digit }
            read += 1
        }
        guard read > 0 else { return nil }
        for _ in min(read, 6)..<6 { value *= 10 }
        return value
    }

    private mutating func digit() -> Int64? {
        guard let byte = self.rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        self.rest = self.rest.dropFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }
}
