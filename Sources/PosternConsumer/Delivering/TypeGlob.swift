/// A pattern for event types: `*` stands for any run of characters, dots included, `?` for exactly one.
///
/// The whole type must match, case included. Compiled once. Matching reads the type once, whatever the pattern: all
/// partial matches are followed at the same time as bits of a set, so `*a*a*a*b` costs no more than any other pattern of
/// its length. O(type × pattern / 64).
///
/// Source: R. Baeza-Yates and G. Gonnet, "A New Approach to Text Searching", CACM 35 (10), 1992 (Shift-And), with a loop
/// where a star stands.
package struct TypeGlob: Sendable, Equatable {
    /// How a type is compared, once its beginning is the pattern's up to the first wildcard.
    private enum Rest: Equatable {
        /// Nothing may follow.
        case nothing
        /// Anything may follow: the one wildcard is a star at the end.
        case anything
        case pattern(Automaton)
    }

    /// The pattern as it was given.
    package let text: String
    private let prefix: [UInt8]
    private let rest: Rest

    /// Compiles a pattern; every text is one.
    package init(_ text: String) {
        let wildcard = text.unicodeScalars.firstIndex { $0 == "*" || $0 == "?" } ?? text.endIndex
        let rest = text[wildcard...]
        self.text = text
        self.prefix = Array(text[..<wildcard].utf8)
        if rest.isEmpty {
            self.rest = .nothing
        } else if rest.unicodeScalars.allSatisfy({ $0 == "*" }) {
            self.rest = .anything
        } else {
            self.rest = .pattern(Automaton(rest))
        }
    }

    /// Whether every type matches.
    package var matchesEverything: Bool { self.rest == .anything && self.prefix.isEmpty }

    /// Says whether a type matches.
    package func matches(_ type: String) -> Bool {
        switch self.rest {
        case .nothing: type.utf8.elementsEqual(self.prefix)
        case .anything: type.utf8.starts(with: self.prefix)
        case .pattern(let automaton):
            type.utf8.starts(with: self.prefix) && automaton.matches(Substring(type.utf8.dropFirst(self.prefix.count)))
        }
    }
}

extension TypeGlob {
    /// All partial matches of a pattern as one set: bit `i` means that its first `i` elements are matched.
    private struct Automaton: Equatable {
        /// How many characters and question marks there are; a star is none.
        private let elements: Int
        /// How many words of 64 bits a set has.
        private let words: Int
        /// The bits at which any run of characters may be passed over.
        private let loops: [UInt64]
        /// For each row, the bits whose next element takes the row's character; row 0 is for all the pattern does not name.
        private let rows: [UInt64]
        /// The row of each ASCII character.
        private let ascii: [UInt8]
        /// The rows of the other characters in the pattern.
        private let others: [Unicode.Scalar: Int]

        init(_ pattern: Substring) {
            let scalars = Array(pattern.unicodeScalars)
            let named = Set(scalars.filter { $0 != "*" && $0 != "?" })
            // ASCII first: its rows then fit a byte.
            let ordered = named.sorted()
            self.elements = scalars.count { $0 != "*" }
            self.words = self.elements / 64 + 1
            var loops = Array(repeating: UInt64(0), count: self.words)
            var rows = Array(repeating: UInt64(0), count: self.words * (named.count + 1))
            var ascii = Array(repeating: UInt8(0), count: 128)
            var others: [Unicode.Scalar: Int] = [:]
            for (place, scalar) in ordered.enumerated() {
                if scalar.isASCII { ascii[Int(scalar.value)] = UInt8(place + 1) } else { others[scalar] = place + 1 }
            }
            var element = 0
            for scalar in scalars {
                let bit = UInt64(1) << (element % 64)
                switch scalar {
                case "*":
                    loops[element / 64] |= bit
                    continue
                case "?":
                    for row in 0...named.count { rows[row * self.words + element / 64] |= bit }
                default:
                    let row = scalar.isASCII ? Int(ascii[Int(scalar.value)]) : others[scalar] ?? 0
                    rows[row * self.words + element / 64] |= bit
                }
                element += 1
            }
            (self.loops, self.rows, self.ascii, self.others) = (loops, rows, ascii, others)
        }

        func matches(_ text: Substring) -> Bool {
            self.words == 1 ? self.matchesShort(text) : self.matchesLong(text)
        }

        /// A set in a register: what nearly all patterns need.
        private func matchesShort(_ text: Substring) -> Bool {
            var set: UInt64 = 1
            for scalar in text.unicodeScalars {
                set = (set & self.rows[self.row(of: scalar)]) << 1 | set & self.loops[0]
                guard set != 0 else { return false }
            }
            return set >> self.elements & 1 == 1
        }

        private func matchesLong(_ text: Substring) -> Bool {
            var set = Array(repeating: UInt64(0), count: self.words)
            set[0] = 1
            for scalar in text.unicodeScalars {
                let row = self.row(of: scalar) * self.words
                var carry: UInt64 = 0
                var all: UInt64 = 0
                for word in set.indices {
                    let taken = set[word] & self.rows[row + word]
                    set[word] = taken << 1 | carry | set[word] & self.loops[word]
                    carry = taken >> 63
                    all |= set[word]
                }
                guard all != 0 else { return false }
            }
            return set[self.elements / 64] >> (self.elements % 64) & 1 == 1
        }

        private func row(of scalar: Unicode.Scalar) -> Int {
            scalar.isASCII ? Int(self.ascii[Int(scalar.value)]) : self.others[scalar] ?? 0
        }
    }
}
