import PosternJSON
import Testing

@Suite struct JSONFuzzTests {
    private static let seeds = [
        #"{"object":"page","entry":[{"id":"1","time":1795219200,"changes":[{"field":"feed","value":{"item":"post"}}]}]}"#,
        #"{"a":[1,-2.5e3,0.1E-7,"x\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t",true,false,null,{"b":{},"":[[[]]]}]}"#,
        "[\"é😀\u{FFFF}\",{\"ключ\":7012345678901234567}, [ 1 ,\t2 ]\r\n]",
    ]
    /// Bytes that mean something to the grammar, so that mutations reach deep.
    private static let marks = Array("{}[]\":,\\u0d8ceE+-. tfn\n\u{0}\u{1F}é".utf8) + [0x80, 0xC0, 0xED, 0xF4, 0xFF]

    @Test(arguments: 0..<Self.seeds.count)
    func `survives mutations of documents and says nothing false about them`(seed: Int) {
        var random = SplitMix64(state: UInt64(seed) + 1)
        let original = Array(Self.seeds[seed].utf8)
        var accepted = 0
        for _ in 0..<4000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { self.mutate(&bytes, &random) }
            if self.check(bytes) { accepted += 1 }
        }
        // Mutations inside strings and numbers stay valid: were none, or all, accepted, the test would be blind.
        #expect(accepted > 100 && accepted < 3900)
    }

    @Test func `survives noise`() {
        var random = SplitMix64(state: 99)
        for _ in 0..<4000 {
            let length = Int.random(in: 0...40, using: &random)
            _ = self.check((0..<length).map { _ in Self.marks.randomElement(using: &random) ?? 0 })
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let place = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
        let mark = Self.marks.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where !bytes.isEmpty: bytes[place] = mark
        case 1 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2 where !bytes.isEmpty: bytes.remove(at: place)
        case 3: bytes.insert(mark, at: place)
        case 4: bytes.removeLast(Int.random(in: 0...min(4, bytes.count), using: &random))
        default:
            let end = Int.random(in: place...bytes.count, using: &random)
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        }
    }

    /// Reads the bytes and, when they are accepted, everything in them; returns whether they were.
    private func check(_ bytes: [UInt8]) -> Bool {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes: bytes)
        } catch {
            #expect((0...bytes.count).contains(error.offset), "\(error) of \(bytes.count) bytes")
            return false
        }
        #expect(String(validating: bytes, as: UTF8.self) != nil)
        let once = rewritten(document.root)
        if let again = try? JSONDocument(bytes: once) {
            #expect(rewritten(again.root) == once)
        } else {
            Issue.record("what was written anew is no JSON: \(String(decoding: once, as: UTF8.self))")
        }
        return true
    }
}

/// A small generator, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
