import PosternModel
import PosternOutbound
import Testing

@Suite struct CloudEventAttributesTests {
    @Test(
        arguments: [
            CloudEvent.sample(),
            .sample(subject: nil, account: nil, time: nil),
            .sample(type: "", source: "", key: "", data: ""),
            .sample(subject: "\u{0}\u{1}\n\"\\ \u{7F}é漢😀", key: String(repeating: "k", count: 100_000)),
            .sample(time: Timestamp(microseconds: -1), storedAt: Timestamp(microseconds: 1)),
        ]
    )
    func `survive the retry queue`(event: CloudEvent) throws {
        #expect(try CloudEvent(attributes: event.attributes, data: event.data) == event)
    }

    @Test func `of a newer program are read by an older one`() throws {
        let event = CloudEvent.sample()
        let newer = String(decoding: event.attributes, as: UTF8.self).dropLast() + #","posternnews":[{"a":1}]}"#
        #expect(try CloudEvent(attributes: Array(newer.utf8), data: event.data) == event)
    }

    @Test func `are refused without one that every event has`() throws {
        let required = [
            "specversion", "id", "source", "type", "recordedtime", "posternorganization", "posternendpoint",
            "posterndelivery", "posternplatform", "posternkey", "posterndefinition",
        ]
        let text = String(decoding: CloudEvent.sample().attributes, as: UTF8.self)
        for name in required {
            #expect(throws: CloudEventError.missing(name)) {
                try CloudEvent(attributes: Array(text.replacing("\"\(name)\":", with: "\"other\":").utf8), data: [])
            }
            let nulled = Self.nulled(text, name)
            let expected: CloudEventError = .invalid(name)
            #expect(throws: expected) { try CloudEvent(attributes: Array(nulled.utf8), data: []) }
        }
    }

    /// Puts `null` in the place of a member's value, which holds no comma.
    private static func nulled(_ text: String, _ name: String) -> String {
        guard let start = text.firstRange(of: "\"\(name)\":")?.upperBound,
            let end = text[start...].firstIndex(where: { $0 == "," || $0 == "}" })
        else { return text }
        return text.replacingCharacters(start..<end, with: "null")
    }

    @Test(
        arguments: [
            (#""posterndefinition":3"#, #""posterndefinition":2147483648"#, "posterndefinition"),
            (#""posterndefinition":3"#, #""posterndefinition":1e2"#, "posterndefinition"),
            (#""posterndefinition":3"#, #""posterndefinition":"3""#, "posterndefinition"),
            ("01990000-0000-7000-8000-000000000001", "01990000-0000-7000-8000-00000000000", "id"),
            ("01990000-0000-7000-8000-000000000002", "{1990000-0000-7000-8000-00000000000}", "posternorganization"),
            (#""recordedtime":""#, #""recordedtime":"x"#, "recordedtime"),
            (#""time":""#, #""time":"10000-01-01T00:00:00Z","x":""#, "time"),
            (#""subject":"wamid.HBgL""#, #""subject":7"#, "subject"),
        ]
    )
    func `are refused when one is not what its name promises`(found: String, put: String, name: String) {
        let text = String(decoding: CloudEvent.sample().attributes, as: UTF8.self)
        let altered = text.replacing(found, with: put)
        #expect(altered != text)
        #expect(throws: CloudEventError.invalid(name)) { try CloudEvent(attributes: Array(altered.utf8), data: []) }
    }

    @Test func `of another version of CloudEvents are refused`() {
        let text = String(decoding: CloudEvent.sample().attributes, as: UTF8.self)
        #expect(throws: CloudEventError.unknownVersion) {
            try CloudEvent(attributes: Array(text.replacing(#""1.0""#, with: #""0.3""#).utf8), data: [])
        }
    }

    @Test func `cut short anywhere are refused`() {
        let bytes = CloudEvent.sample().attributes
        for count in bytes.indices {
            #expect(throws: CloudEventError.self) { try CloudEvent(attributes: Array(bytes[..<count]), data: []) }
        }
    }

    @Test(
        arguments: [
            "[]", "null", "\"text\"", "7", "{", "{}}", "\u{0}", String(repeating: "[", count: 100_000),
            "{\"id\":" + String(repeating: "[", count: 9) + String(repeating: "]", count: 9) + "}",
        ]
    )
    func `that are something else are refused`(text: String) {
        #expect(throws: CloudEventError.self) { try CloudEvent(attributes: Array(text.utf8), data: []) }
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
        "\(self[..<range.lowerBound])\(text)\(self[range.upperBound...])"
    }
}
