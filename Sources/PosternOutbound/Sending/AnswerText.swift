/// The beginning of an answer's body, fit for the database and for people.
package enum AnswerText {
    /// The most bytes that are kept.
    package static let limitBytes = 4096

    /// Makes text of at most ``limitBytes`` bytes from the first bytes of a body.
    ///
    /// What is no UTF-8 becomes U+FFFD, a character cut in two at the end is left out, and so is NUL, which PostgreSQL
    /// does not store.
    package static func make(_ bytes: [UInt8]) -> String {
        var text = ""
        var count = 0
        for scalar in String(decoding: bytes[..<Self.endOfWhole(bytes)], as: UTF8.self).unicodeScalars
        where scalar.value != 0 {
            count += UTF8.width(scalar)
            guard count <= Self.limitBytes else { break }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// Where the last character that is whole ends, as far as leading bytes tell.
    private static func endOfWhole(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where bytes.count >= back {
            let byte = bytes[bytes.count - back]
            // 10xxxxxx goes on, everything else begins.
            guard byte & 0xC0 != 0x80 else { continue }
            let width = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return width > back ? bytes.count - back : bytes.count
        }
        return bytes.count
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x1_0000: 3
        default: 4
        }
    }
}
