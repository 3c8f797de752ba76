import PosternOutbound
import Testing

@Suite struct PayloadFormTests {
    @Test func `is written as the database keeps it`() {
        #expect(PayloadForm.allCases.map(\.rawValue) == ["structured", "binary", "raw"])
    }
}
