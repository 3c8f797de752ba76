import PosternOutbound
import Testing

@Suite struct CloudEventHeadersTests {
    @Test(
        arguments: [
            ("plain-~!#$&'()*+,/:;=?@[]^_`{|}", "plain-~!#$&'()*+,/:;=?@[]^_`{|}"),
            ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"),
            ("100%", "100%25"),
            (#"say "no""#, "say%20%22no%22"),
            ("a\r\nx-evil: 1", "a%0D%0Ax-evil:%201"),
            ("\u{0}\t\u{7F}", "%00%09%7F"),
            ("", ""),
        ]
    )
    func `hold what CloudEvents lets a field hold`(text: String, value: String) {
        #expect(CloudEvent.headerValue(text) == value)
    }
}
