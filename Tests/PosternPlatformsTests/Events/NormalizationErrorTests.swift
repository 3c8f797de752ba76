import PosternPlatforms
import Testing

@Suite struct NormalizationErrorTests {
    @Test(arguments: [
        (NormalizationError.emptyBody, "empty_body", "the body is empty"),
        (.malformedJSON(offset: 7, reason: "malformed number"), "malformed_json", "malformed number at byte 7"),
        (.malformedXML(offset: 2, reason: "a name is missing"), "malformed_xml", "a name is missing at byte 2"),
        (.malformedUTF8(offset: 3), "malformed_utf8", "byte 3"), (.tooDeep(limit: 64), "too_deep", "64 levels"),
        (.tooLarge(limitBytes: 9), "too_large", "9 bytes"), (.tooManyFields(limit: 10), "too_many_fields", "10 fields"),
        (.tooManyEvents(limit: 11), "too_many_events", "11 events"),
        (.eventsTooLarge(limitBytes: 12), "events_too_large", "12 bytes"),
        (.unsupportedMedia("image/png"), "unsupported_media", "image/png"),
    ])
    func `has a stable code and words for people`(error: NormalizationError, code: String, words: String) {
        #expect(error.code == code)
        #expect(error.description.contains(words))
    }

    @Test func `does not repeat a Content-Type of any length`() {
        let error = NormalizationError.unsupportedMedia(String(repeating: "x", count: 10_000))
        #expect(error.description.utf8.count < 200)
    }
}
