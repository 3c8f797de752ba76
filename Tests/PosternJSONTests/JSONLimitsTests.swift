import PosternJSON
import Testing

@Suite struct JSONLimitsTests {
    @Test func `are 64 levels and 32 MiB unless said otherwise`() {
        #expect(JSONLimits.standard == JSONLimits(depth: 64, bytes: 33_554_432))
    }

    @Test func `stay within what offsets of 32 bits can say`() {
        #expect(JSONLimits(depth: -1, bytes: .max) == JSONLimits(depth: 0, bytes: 2_147_483_647))
        #expect(JSONLimits(bytes: -5).bytes == 0)
    }

    @Test func `a depth of zero leaves scalars`() throws {
        let limits = JSONLimits(depth: 0)
        #expect(try JSONDocument(bytes: [0x31], limits: limits).root.integer == 1)
        #expect(throws: JSONError.tooDeep(limit: 0, at: 0)) {
            try JSONDocument(bytes: Array("[]".utf8), limits: limits)
        }
    }
}
