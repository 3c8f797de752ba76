import PosternModel
import PosternStore
import Testing

@Suite struct RejectionSampleTests {
    private static func headers(_ headers: [UInt8]) -> [UInt8] {
        RejectionSample(
            id: UniqueID(high: 1, low: 1),
            organization: OrganizationID(UniqueID(high: 1, low: 2)),
            endpoint: EndpointID(UniqueID(high: 1, low: 3)),
            at: Timestamp(seconds: 0),
            reason: "r",
            address: "a",
            method: "POST",
            headers: headers
        ).headers
    }

    @Test(arguments: [0, 1, 16_383, 16_384])
    func `keeps headers up to the limit whole`(count: Int) {
        let headers = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        #expect(Self.headers(headers) == headers)
    }

    @Test func `cuts longer ones at the end of a line`() {
        let line = Array("name: \(String(repeating: "v", count: 993))\n".utf8)
        #expect(line.count == 1000)
        let headers = (0..<17).flatMap { _ in line }
        #expect(Self.headers(headers) == Array(headers.prefix(16_000)))
    }

    @Test func `cuts a single line that is too long where the limit is`() {
        let headers = [UInt8](repeating: UInt8(ascii: "x"), count: 16_385)
        #expect(Self.headers(headers).count == 16_384)
    }
}
