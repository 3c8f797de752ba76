import PosternCrypto
import PosternModel
import Testing

@Suite struct HMACStreamTests {
    private let message = (0..<300).map { UInt8($0 % 251) }

    @Test(arguments: DigestAlgorithm.allCases)
    func `gives one code for every way to cut the message`(algorithm: DigestAlgorithm) throws {
        let key = try HMACKey(algorithm, key: Secret("key"))
        let whole = key.authenticate(self.message.span)
        for cut in 0...self.message.count {
            var stream = HMACStream(key)
            stream.update(self.message.span.extracting(0..<cut))
            stream.update(self.message.span.extracting(cut..<self.message.count))
            let code = stream.finish()
            #expect(code.matches(whole), "cut at \(cut)")
        }
    }

    @Test func `keeps streams of one key apart`() throws {
        let key = try HMACKey(.sha256, key: Secret("key"))
        let left = Array("left".utf8)
        let right = Array("right".utf8)
        var first = HMACStream(key)
        var second = HMACStream(key)
        first.update(left.span)
        second.update(right.span)
        let firstCode = first.finish()
        let secondCode = second.finish()
        #expect(firstCode.matches(key.authenticate(left.span)))
        #expect(secondCode.matches(key.authenticate(right.span)))
    }

    @Test func `can be dropped unfinished`() throws {
        let key = try HMACKey(.sha256, key: Secret("key"))
        var stream = HMACStream(key)
        stream.update(self.message.span)
        _ = consume stream
        #expect(key.authenticate(self.message.span).count == 32)
    }
}
