import PosternLoad
import PosternModel
import Testing

@Suite struct EventKeyTextTests {
    private let run = UniqueID.timeOrdered(at: Timestamp(seconds: 1_795_219_200))

    @Test func `makes UUIDs for a UUID`() throws {
        let key = EventKeyText(.uuid, run: self.run)
        let first = try #require(UniqueID(String(decoding: key.text(0), as: UTF8.self)))
        let last = try #require(UniqueID(String(decoding: key.text(0xABC), as: UTF8.self)))
        #expect(first.high == self.run.high)
        #expect(last.low - first.low == 0xABC)
    }

    @Test(arguments: [EventKeyText.Form.uuid, .hexadecimal, .decimal])
    func `makes keys that differ and are equally long`(form: EventKeyText.Form) {
        let key = EventKeyText(form, run: self.run)
        let numbers = Array(0..<2000) + (1...8).map { EventKeyText.firstNumber(loop: $0) } + [999_999_999_999]
        let texts = Set(numbers.map { key.text(UInt64($0)) })
        #expect(texts.count == numbers.count)
        #expect(texts.allSatisfy { $0.count == key.count })
    }

    @Test func `makes numbers for a number`() throws {
        let text = String(decoding: EventKeyText(.decimal, run: self.run).text(42), as: UTF8.self)
        let number = try #require(Int64(text))
        #expect(number > 100_000_000_000_000_000)
        #expect(text.hasSuffix("000000000042"))
    }

    @Test func `writes a key over another`() {
        let key = EventKeyText(.uuid, run: self.run)
        var text = key.text(123_456_789)
        key.replace(&text, with: 7)
        #expect(text == key.text(7))
    }

    @Test func `gives every loop numbers of its own`() {
        #expect(EventKeyText.firstNumber(loop: 0) == 0)
        #expect(EventKeyText.firstNumber(loop: 2) - EventKeyText.firstNumber(loop: 1) >= 1_000_000_000)
    }
}
