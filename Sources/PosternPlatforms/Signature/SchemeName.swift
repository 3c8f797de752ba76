/// The name of one of a platform's signature schemes.
package struct SchemeName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1 to 48 characters of `a-z`, `0-9`, `-` and `_`.
    package let text: String

    /// Reads a name; `nil` when the length or a character is out of range.
    package init?(_ text: some StringProtocol) {
        guard (1...48).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        self.text = String(text)
    }

    package var description: String { self.text }

    package static func < (left: SchemeName, right: SchemeName) -> Bool { left.text < right.text }
}
