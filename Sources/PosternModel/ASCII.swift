// Inlinable, since the way of each request goes through these: called, they were 2,000 more of its instructions (callgrind).

extension UInt8 {
    /// The letter in lower case; any other byte, and any byte beyond ASCII, as it is.
    @inlinable package var lowercasedASCII: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// Whether this is one of `a-z`, `A-Z` and `0-9`.
    @inlinable package var isLetterOrDigitASCII: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// Whether the name of a header field may hold this byte.
    ///
    /// Source: RFC 9110, section 5.6.2 (token).
    @inlinable package var isTokenASCII: Bool { self.isLetterOrDigitASCII || "!#$%&'*+-.^_`|~".utf8.contains(self) }
}

extension Span<UInt8> {
    /// Whether two texts are the same but for the case of ASCII letters.
    @inlinable package func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        self.count == other.count && self.beginsIgnoringCase(with: other)
    }

    /// Whether these bytes begin with a text, whose ASCII letters may be in the other case.
    @inlinable package func beginsIgnoringCase(with prefix: Span<UInt8>) -> Bool {
        guard self.count >= prefix.count else { return false }
        for index in prefix.indices where self[index].lowercasedASCII != prefix[index].lowercasedASCII { return false }
        return true
    }

    /// Where a byte stands first from `start` on and before `end`; `nil` when it does not.
    @inlinable package func firstIndex(of byte: UInt8, from start: Int, before end: Int) -> Int? {
        var index = start
        while index < end {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }
}
