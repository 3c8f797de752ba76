import PosternCrypto
import PosternModel
import Testing

@Suite struct HMACFanTests {
    @Test(arguments: 1...4)
    func `gives each key's own code in order`(count: Int) throws {
        let keys = try (0..<count).map { try HMACKey(.sha256, key: Secret("key \($0)")) }
        let message = Array("one message, several keys".utf8)
        for cut in [0, 1, 7, message.count] {
            var fan = HMACFan(keys[0], Array(keys.dropFirst()))
            fan.update(message.span.extracting(0..<cut))
            fan.update(message.span.extracting(cut..<message.count))
            var codes: [String] = []
            fan.finish { position, code in
                #expect(position == codes.count)
                codes.append(code.hexadecimal)
            }
            #expect(codes == keys.map { $0.authenticate(message.span).hexadecimal })
        }
    }
}
