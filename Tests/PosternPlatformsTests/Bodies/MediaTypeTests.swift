import PosternPlatforms
import Testing

@Suite struct MediaTypeTests {
    @Test(
        arguments: [
            ("application/json", MediaType.json), ("Application/JSON; charset=utf-8", .json),
            ("application/cloudevents+json", .json),
            ("text/json", .json), (" application/json ", .json), ("application/x-www-form-urlencoded", .form),
            ("application/x-www-form-urlencoded;charset=UTF-8", .form), ("application/xml", .xml), ("text/xml", .xml),
            ("application/atom+xml; charset=utf-8", .xml), ("text/plain; charset=UTF-8", .unspecific),
            ("", .unspecific),
            (nil, .unspecific), ("application/octet-stream", .unspecific), ("multipart/form-data; boundary=x", .other),
            ("image/png", .other), ("json", .other), ("application/jsonp", .other),
        ] as [(String?, MediaType)]
    )
    func `reads a header`(contentType: String?, media: MediaType) {
        #expect(MediaType(contentType) == media)
    }

    @Test(
        arguments: [
            ("{}", MediaType.json), (" \r\n\t[1]", .json), ("<a/>", .xml), ("\n<?xml?>", .xml), ("a=1", nil), ("", nil),
            ("  ", nil),
            ("1", nil), ("\"x\"", nil),
        ] as [(String, MediaType?)]
    )
    func `guesses from the first byte`(body: String, media: MediaType?) {
        #expect(MediaType(sniffing: Array(body.utf8)) == media)
    }
}
