import PosternConsumer
import Testing

@Suite struct TypeGlobTests {
    @Test(
        arguments: [
            ("*", "", true), ("*", "meta.message.received", true), ("", "", true), ("", "a", false),
            ("meta.message.received", "meta.message.received", true),
            ("meta.message.received", "meta.message.receive", false),
            ("meta.message.received", "meta.message.received.", false),
            ("meta.message.received", "Meta.message.received", false),
            ("meta.*", "meta.", true), ("meta.*", "meta.message.received", true), ("meta.*", "meta", false),
            ("meta.**", "meta.", true), ("*.received", "meta.message.received", true),
            ("*.received", ".received", true), ("*.received", "received", false),
            ("meta.*.received", "meta.message.received", true), ("meta.*.received", "meta..received", true),
            ("meta.*.received", "meta.received", false), ("meta.*.received", "meta.a.b.received", true),
            ("*message*", "meta.message.received", true), ("*message*", "message", true),
            ("*message*", "massage", false),
            ("?", "", false), ("?", "a", true), ("?", "ab", false), ("??", "ab", true), ("a?c", "abc", true),
            ("a?c", "ac", false), ("a?c", "a?c", true), ("?*", "", false), ("?*", "a", true), ("*?", "abc", true),
            ("*?*", "", false), ("**", "", true), ("a**b", "ab", true), ("a**b", "axxb", true),
            ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("a*a", "a", false), ("a*a", "aa", true),
            ("*ab", "aab", true), ("*aab", "aaab", true), ("*a?b", "aaxb", true),
            ("?", "é", true), ("?", "🎉", true), ("é*", "était", true), ("*é", "café", true), ("*é?", "caféx", true),
            ("*é", "cafe", false), ("caf?", "café", true), ("[a-z]*", "b", false), ("a.c*", "abc", false),
            ("\\*", "*", false), ("\\*", "\\anything", true),
        ] as [(String, String, Bool)]
    )
    func `matches by the table`(pattern: String, type: String, isMatch: Bool) {
        #expect(TypeGlob(pattern).matches(type) == isMatch)
    }

    @Test(arguments: [("*", true), ("**", true), ("", false), ("a*", false), ("?*", false), ("*a", false)])
    func `knows what matches everything`(pattern: String, matches: Bool) {
        #expect(TypeGlob(pattern).matchesEverything == matches)
    }

    /// Elements behind the first wildcard around the width of a word.
    @Test(arguments: [61, 62, 63, 64, 65, 126, 127, 128, 129, 199, 1000])
    func `matches patterns of any length`(length: Int) {
        let text = String((0..<length).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
        for pattern in ["*" + text, "*" + text + "*", "?" + text.dropFirst(), "*" + text.dropLast() + "?"] {
            let glob = TypeGlob(pattern)
            #expect(glob.matches(text))
            #expect(!glob.matches(String(text.dropLast(2))))
            #expect(glob.matches("x" + text) == pattern.hasPrefix("*"))
            #expect(glob.matches(text + "!") == pattern.hasSuffix("*"))
        }
    }

    /// By definition, with memory of what was tried; nobody would run this on hostile input.
    static func naive(_ pattern: [Unicode.Scalar], _ text: [Unicode.Scalar]) -> Bool {
        var matched = Array(repeating: Array(repeating: false, count: text.count + 1), count: pattern.count + 1)
        matched[0][0] = true
        for (row, element) in pattern.enumerated() {
            for column in 0...text.count {
                switch element {
                case "*": matched[row + 1][column] = matched[row][column] || column > 0 && matched[row + 1][column - 1]
                case "?": matched[row + 1][column] = column > 0 && matched[row][column - 1]
                default:
                    matched[row + 1][column] = column > 0 && matched[row][column - 1] && text[column - 1] == element
                }
            }
        }
        return matched[pattern.count][text.count]
    }

    @Test(arguments: 1...20)
    func `matches what the definition matches`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet: [Unicode.Scalar] = ["a", "b", "*", "?", "é"]
        var matches = 0
        for _ in 0..<1000 {
            let longest = Int.random(in: 0..<20, using: &random) == 0 ? 150 : 10
            let pattern = (0..<Int.random(in: 0...longest, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<5, using: &random)]
            }
            // Made from the pattern, and then perhaps spoiled: random texts would hardly ever match.
            var text: [Unicode.Scalar] = []
            for element in pattern {
                switch element {
                case "*":
                    for _ in 0..<Int.random(in: 0...3, using: &random) {
                        text.append(Bool.random(using: &random) ? "a" : "b")
                    }
                case "?": text.append("é")
                default: text.append(element)
                }
            }
            if Bool.random(using: &random), !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &random)
                if Bool.random(using: &random) { text.remove(at: place) } else { text[place] = "b" }
            }
            let glob = TypeGlob(Self.text(pattern))
            let expected = Self.naive(pattern, text)
            #expect(glob.matches(Self.text(text)) == expected, "\(Self.text(pattern)) against \(Self.text(text))")
            if expected { matches += 1 }
        }
        #expect(matches > 100 && matches < 1000)
    }

    static func text(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    @Test(.timeLimit(.minutes(5)))
    func `reads a hostile type once`() {
        // With backtracking over each star this would take longer than the universe is old.
        let hostile = TypeGlob(String(repeating: "*a", count: 90) + "*b")
        let type = String(repeating: "a", count: 100_000)
        #expect(!hostile.matches(type))
        #expect(hostile.matches(type + "b"))
        #expect(!TypeGlob("*a*a*a*b").matches(type))
    }
}
