/// Base64 in both alphabets.
///
/// Source: RFC 4648, sections 4 and 5. Padding may be left out, as several platforms' secrets are written; bits after
/// the last whole byte are ignored, as the platforms' own libraries do.
package enum Base64 {
    /// Which characters stand for 62 and 63 when decoding.
    package enum Alphabet: Sendable {
        /// `+` and `/`.
        case standard
        /// `-` and `_`.
        case url
        /// Any of the four.
        case either
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes with the standard alphabet and padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            for position in 0..<4 {
                let digit = Self.digits[Int(group >> UInt32(18 - 6 * position) & 0x3F)]
                text.append(position <= left ? digit : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes; `nil` for a foreign character, a blank, misplaced padding or an impossible length.
    package static func decode(_ text: some Sequence<UInt8>, alphabet: Alphabet = .standard) -> [UInt8]? {
        var bytes: [UInt8] = []
        var decoder = Decoder(alphabet)
        for character in text {
            switch decoder.next(character) {
            case .byte(let byte): bytes.append(byte)
            case .more: break
            case .refused: return nil
            }
        }
        return decoder.isComplete ? bytes : nil
    }

    /// Decodes one character after the other.
    struct Decoder {
        /// What a character led to.
        enum Step {
            case byte(UInt8)
            case more
            case refused
        }

        private let alphabet: Alphabet
        private var bits: UInt32 = 0
        private var digitsInGroup = 0
        private var padding = 0

        /// Starts at the beginning of a text.
        init(_ alphabet: Alphabet) { self.alphabet = alphabet }

        /// Tells whether the text may end here.
        var isComplete: Bool { self.digitsInGroup != 1 }

        /// Takes the next character.
        mutating func next(_ character: UInt8) -> Step {
            if character == UInt8(ascii: "=") {
                self.padding += 1
                // Two digits take at most two signs, three take one; anywhere else a sign is misplaced.
                return self.digitsInGroup >= 2 && self.digitsInGroup + self.padding <= 4 ? .more : .refused
            }
            guard self.padding == 0, let value = self.value(of: character) else { return .refused }
            self.bits = self.bits << 6 | UInt32(value)
            self.digitsInGroup += 1
            switch self.digitsInGroup {
            case 2: return .byte(UInt8(truncatingIfNeeded: self.bits >> 4))
            case 3: return .byte(UInt8(truncatingIfNeeded: self.bits >> 2))
            case 4:
                self.digitsInGroup = 0
                return .byte(UInt8(truncatingIfNeeded: self.bits))
            default: return .more
            }
        }

        private func value(of character: UInt8) -> UInt8? {
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): self.alphabet == .url ? nil : 62
            case UInt8(ascii: "/"): self.alphabet == .url ? nil : 63
            case UInt8(ascii: "-"): self.alphabet == .standard ? nil : 62
            case UInt8(ascii: "_"): self.alphabet == .standard ? nil : 63
            default: nil
            }
        }
    }
}
