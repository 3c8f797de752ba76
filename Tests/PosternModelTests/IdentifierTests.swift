import PosternModel
import Testing

@Suite struct IdentifierTests {
    @Test func `a version 7 identifier orders by time and carries it`() {
        let early = UniqueID.timeOrdered(at: Timestamp(milliseconds: 1_795_219_200_123))
        let late = UniqueID.timeOrdered(at: Timestamp(milliseconds: 1_795_219_200_124))
        #expect(early < late)
        #expect(early.embeddedTime == Timestamp(milliseconds: 1_795_219_200_123))
        #expect(early.high >> 12 & 0xF == 7)
        #expect(early.low >> 62 == 0b10)
    }

    @Test func `version 7 identifiers made a microsecond apart sort in the order they were made`() {
        let start: Int64 = 1_795_219_200_123_000
        let ids = (0..<2000).map { UniqueID.timeOrdered(at: Timestamp(microseconds: start + $0)) }
        #expect(ids == ids.sorted())
    }

    @Test func `the text form goes both ways`() {
        let text = "01926e8a-7c3f-7abc-8def-0123456789ab"
        #expect(UniqueID(text)?.description == text)
        #expect(UniqueID(text.uppercased())?.description == text)
    }

    @Test(arguments: [
        "", "01926e8a-7c3f-7abc-8def-0123456789a", "01926e8a-7c3f-7abc-8def-0123456789abc",
        "01926e8a7c3f7abc8def0123456789ab",
        "{01926e8a-7c3f-7abc-8def-0123456789ab}", "01926e8g-7c3f-7abc-8def-0123456789ab",
        "01926e8a-7c3f-7abc-8def+0123456789ab",
    ])
    func `refuses other texts`(text: String) {
        #expect(UniqueID(text) == nil)
    }

    @Test(arguments: [(7, false), (8, true), (64, true), (65, false)])
    func `an endpoint key has 8 to 64 characters`(length: Int, valid: Bool) {
        #expect((EndpointKey(String(repeating: "a", count: length)) != nil) == valid)
    }

    @Test(arguments: ["abc/defgh", "abc defgh", "abcdefg%", "äbcdefgh", "abcdefgh\0"])
    func `an endpoint key is made of URL-safe characters`(text: String) {
        #expect(EndpointKey(text) == nil)
    }

    @Test func `random endpoint keys are valid and differ`() {
        let keys = (0..<100).map { _ in EndpointKey.random() }
        #expect(Set(keys).count == 100)
        #expect(keys.allSatisfy { key in EndpointKey(key.text) == key })
    }

    @Test func `a secret does not print`() {
        let secret = Secret("hunter2")
        #expect("\(secret) \(String(reflecting: secret))" == "[secret] [secret]")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2") && !dumped.contains("104"))
    }
}
