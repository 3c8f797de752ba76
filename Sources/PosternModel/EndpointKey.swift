/// The unguessable last part of an endpoint's URL.
package struct EndpointKey: Hashable, Sendable, CustomStringConvertible {
    /// 8 to 64 characters of `a-z`, `A-Z`, `0-9`, `-` and `_`.
    package let text: String

    /// Reads a key; `nil` when the length or a character is out of range.
    package init?(_ text: some StringProtocol) {
        guard (8...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isLetterOrDigitASCII || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
        else { return nil }
        self.text = String(text)
    }

    /// Makes a key of 26 characters with 130 random bits.
    package static func random() -> EndpointKey {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<26).map { _ in alphabet[Int(generator.next() % 32)] }
        return EndpointKey(unchecked: String(decoding: characters, as: UTF8.self))
    }

    private init(unchecked text: String) { self.text = text }

    package var description: String { self.text }
}
