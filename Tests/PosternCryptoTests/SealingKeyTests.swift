import PosternCrypto
import PosternModel
import Testing

@Suite struct SealingKeyTests {
    private let context = Array("endpoint-0123456".utf8)
    private let key: SealingKey

    init() throws { self.key = try SealingKey((0..<32).map { UInt8($0) }) }

    @Test(arguments: [0, 1, 15, 16, 17, 4096])
    func `opens what it sealed`(count: Int) throws {
        let secret = Secret([UInt8](repeating: 0x41, count: count))
        let sealed = try self.key.seal(secret, context: self.context)
        #expect(sealed.count == 1 + 4 + 12 + count + 16)
        #expect(try self.key.open(sealed, context: self.context) == secret)
    }

    @Test func `opens what another implementation sealed`() throws {
        // Made with Python's cryptography 48: key 00 01 … 1f, nonce 64 65 … 6f.
        let text =
            "01630dcd296465666768696a6b6c6d6e6f3f73ad031ab63df0511531c8bb0b19"
            + "8a27b01a9fdf3189effe63ad0023175c909815"
        let sealed = try #require(Hexadecimal.decode(text.utf8))
        #expect(try self.key.open(sealed, context: self.context) == Secret("whsec_known answer"))
    }

    @Test func `never seals the same way twice`() throws {
        let sealed = try Set((0..<50).map { _ in try self.key.seal(Secret("same"), context: self.context) })
        #expect(sealed.count == 50)
    }

    @Test func `refuses every altered byte`() throws {
        let sealed = try self.key.seal(Secret("0123456789"), context: self.context)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: CryptoError.self, "byte \(index)") { try self.key.open(altered, context: self.context) }
        }
    }

    @Test func `refuses every truncation and any addition`() throws {
        let sealed = try self.key.seal(Secret("0123456789"), context: self.context)
        for count in sealed.indices {
            #expect(throws: CryptoError.self, "\(count) bytes") {
                try self.key.open(Array(sealed.prefix(count)), context: self.context)
            }
        }
        #expect(throws: CryptoError.authenticationFailed) { try self.key.open(sealed + [0], context: self.context) }
    }

    @Test(arguments: ["", "endpoint-0123457", "endpoint-012345", "endpoint-01234567"])
    func `refuses another context`(context: String) throws {
        let sealed = try self.key.seal(Secret("secret"), context: self.context)
        #expect(throws: CryptoError.authenticationFailed) { try self.key.open(sealed, context: Array(context.utf8)) }
    }

    @Test func `names the key it does not have`() throws {
        let other = try SealingKey.generate()
        let sealed = try other.seal(Secret("secret"), context: self.context)
        let identifier = Hexadecimal.encode(other.identifier)
        #expect(throws: CryptoError.unknownKey(identifier: identifier)) {
            try self.key.open(sealed, context: self.context)
        }
    }

    @Test func `refuses an unknown version`() throws {
        var sealed = try self.key.seal(Secret("secret"), context: self.context)
        sealed[0] = 2
        #expect(throws: CryptoError.malformedSealed) { try self.key.open(sealed, context: self.context) }
    }

    @Test(arguments: [0, 31, 33])
    func `refuses keys that are not 32 bytes long`(count: Int) {
        #expect(throws: CryptoError.malformedKey("it has \(count) bytes, not 32")) {
            try SealingKey([UInt8](repeating: 1, count: count))
        }
    }

    @Test func `survives the way through its file`() throws {
        let key = try SealingKey.generate()
        let text = key.fileText
        #expect(text.hasSuffix("=\n"))
        let read = try SealingKey(fileText: "\r\n  " + text + "\n")
        #expect(read.identifier == key.identifier)
        let sealed = try key.seal(Secret("secret"), context: self.context)
        #expect(try read.open(sealed, context: self.context) == Secret("secret"))
    }

    @Test(arguments: [
        "", "\n", "AAAA", "not base64 at all!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", "AAECAw QFBg==",
    ])
    func `refuses files that hold no key`(text: String) {
        #expect(throws: CryptoError.self) { try SealingKey(fileText: text) }
    }

    @Test func `does not print its key`() {
        #expect(!String(reflecting: self.key).contains("AAECAwQ"))
        #expect(!"\(self.key)".contains("000102"))
    }
}
