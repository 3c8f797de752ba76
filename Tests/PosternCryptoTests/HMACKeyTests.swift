import PosternCrypto
import PosternModel
import Testing

/// One published test case of RFC 4231 or RFC 2202.
struct PublishedCase: Sendable, CustomTestStringConvertible {
    let name: String
    let algorithm: DigestAlgorithm
    let key: [UInt8]
    let message: [UInt8]
    let code: String

    init(_ name: String, _ algorithm: DigestAlgorithm, _ key: [UInt8], _ message: [UInt8], _ code: String) {
        self.name = name
        self.algorithm = algorithm
        self.key = key
        self.message = message
        self.code = code
    }

    var testDescription: String { "\(self.name), \(self.algorithm)" }

    private static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] { Array(repeating: byte, count: count) }
    private static let counting = (1...25).map { UInt8($0) }
    private static let longKey = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
    private static let longBoth = Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
            + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
    )
    private static let jefe = Array("what do ya want for nothing?".utf8)

    static let all: [PublishedCase] = [
        .init(
            "RFC 4231 4.2",
            .sha256,
            bytes(0x0B, 20),
            Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        .init(
            "RFC 4231 4.2",
            .sha384,
            bytes(0x0B, 20),
            Array("Hi There".utf8),
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"
        ),
        .init(
            "RFC 4231 4.2",
            .sha512,
            bytes(0x0B, 20),
            Array("Hi There".utf8),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
        .init(
            "RFC 4231 4.3",
            .sha256,
            Array("Jefe".utf8),
            jefe,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        .init(
            "RFC 4231 4.3",
            .sha384,
            Array("Jefe".utf8),
            jefe,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
        ),
        .init(
            "RFC 4231 4.3",
            .sha512,
            Array("Jefe".utf8),
            jefe,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        .init(
            "RFC 4231 4.4",
            .sha256,
            bytes(0xAA, 20),
            bytes(0xDD, 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        .init(
            "RFC 4231 4.5",
            .sha256,
            counting,
            bytes(0xCD, 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        .init(
            "RFC 4231 4.7",
            .sha256,
            bytes(0xAA, 131),
            longKey,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        .init(
            "RFC 4231 4.7",
            .sha384,
            bytes(0xAA, 131),
            longKey,
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"
        ),
        .init(
            "RFC 4231 4.7",
            .sha512,
            bytes(0xAA, 131),
            longKey,
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
        .init(
            "RFC 4231 4.8",
            .sha256,
            bytes(0xAA, 131),
            longBoth,
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
        .init(
            "RFC 4231 4.8",
            .sha512,
            bytes(0xAA, 131),
            longBoth,
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
                + "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"
        ),
        .init(
            "RFC 2202 3.1",
            .sha1,
            bytes(0x0B, 20),
            Array("Hi There".utf8),
            "b617318655057264e28bc0b6fb378c8ef146be00"
        ),
        .init("RFC 2202 3.2", .sha1, Array("Jefe".utf8), jefe, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        .init("RFC 2202 3.3", .sha1, bytes(0xAA, 20), bytes(0xDD, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
        .init("RFC 2202 3.4", .sha1, counting, bytes(0xCD, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
        .init("RFC 2202 3.6", .sha1, bytes(0xAA, 80), longKey, "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
    ]
}

@Suite struct HMACKeyTests {
    @Test(arguments: PublishedCase.all)
    func `gives the published code`(_ example: PublishedCase) throws {
        let key = try HMACKey(example.algorithm, key: Secret(example.key))
        #expect(key.authenticate(example.message.span).hexadecimal == example.code)
    }

    @Test(arguments: PublishedCase.all)
    func `gives the same code again after it was used`(_ example: PublishedCase) throws {
        let key = try HMACKey(example.algorithm, key: Secret(example.key))
        let other = Array("another message in between".utf8)
        for _ in 0..<3 {
            _ = key.authenticate(other.span)
            #expect(key.authenticate(example.message.span).hexadecimal == example.code)
        }
    }

    @Test(arguments: DigestAlgorithm.allCases, [-1, 0, 1])
    func `pads keys up to the block and hashes longer ones`(algorithm: DigestAlgorithm, step: Int) throws {
        let block = algorithm == .sha1 || algorithm == .sha256 ? 64 : 128
        let bytes = [UInt8](repeating: 0x61, count: block + step)
        let message = Array("x".utf8)
        let code = try HMACKey(algorithm, key: Secret(bytes)).authenticate(message.span)
        // RFC 2104, section 2, written out with the plain hash.
        var padded = bytes
        if padded.count > block { padded = try HashStream.digest(algorithm, padded.span).bytes }
        padded += [UInt8](repeating: 0, count: block - padded.count)
        let inner = try HashStream.digest(algorithm, (padded.map { $0 ^ 0x36 } + message).span).bytes
        let outer = try HashStream.digest(algorithm, (padded.map { $0 ^ 0x5C } + inner).span)
        #expect(code.hexadecimal == outer.hexadecimal)
    }

    @Test func `takes an empty key`() throws {
        let key = try HMACKey(.sha256, key: Secret(""))
        #expect(
            key.authenticate([UInt8]().span).hexadecimal
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }

    @Test func `serves several threads at once`() async throws {
        let key = try HMACKey(.sha256, key: Secret("shared"))
        let messages = (0..<64).map { [UInt8](repeating: UInt8($0), count: 1 + $0 * 37) }
        let expected = messages.map { key.authenticate($0.span).hexadecimal }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var wrong = 0
                    for _ in 0..<50 {
                        for (message, code) in zip(messages, expected)
                        where key.authenticate(message.span).hexadecimal != code {
                            wrong += 1
                        }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
