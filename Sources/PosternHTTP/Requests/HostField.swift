internal import PosternModel

/// Checks the value of a `Host` field, or the authority of a target.
///
/// Source: RFC 9112, section 3.2 (an invalid value is refused with 400); RFC 3986, sections 3.2.2 and 3.2.3.
enum HostField {
    /// Whether this is a host and, after a colon, a port that may be empty; no user, no path, no blank.
    ///
    /// An empty value is valid: it is what a sender says whose URL has no authority.
    static func isValid(_ value: String) -> Bool {
        let bytes = value.utf8.span
        guard let first = bytes.indices.first else { return true }
        var index = first
        if bytes[first] == UInt8(ascii: "[") {
            guard let end = Self.endOfLiteral(value) else { return false }
            index = end
        } else {
            while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        }
        guard index < bytes.count else { return true }
        guard bytes[index] == UInt8(ascii: ":"), bytes.count - index <= 6 else { return false }
        index += 1
        while index < bytes.count {
            guard bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { return false }
            index += 1
        }
        return true
    }

    /// The bytes a bracketed IPv6 address takes at the start of a value; `nil` when it is none.
    private static func endOfLiteral(_ value: String) -> Int? {
        guard let bracket = value.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let inside = value[value.utf8.index(after: value.startIndex)..<bracket]
        guard inside.utf8.contains(UInt8(ascii: ":")), !inside.utf8.contains(UInt8(ascii: "%")),
            PeerAddress(text: inside) != nil
        else { return nil }
        return value.utf8.distance(from: value.startIndex, to: bracket) + 1
    }

    /// Whether a registered name may hold this byte: unreserved, a sub-delimiter, or part of an escape.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
            UInt8(ascii: "!"), UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: "$"),
            UInt8(ascii: "&")...UInt8(ascii: ","):
            true
        default: byte.isLetterOrDigitASCII
        }
    }
}
