import PosternCrypto
import PosternModel
import Testing

@Suite struct SealingKeyringTests {
    private let context = Array("endpoint".utf8)
    private let old: SealingKey
    private let new: SealingKey

    init() throws {
        self.old = try SealingKey.generate()
        self.new = try SealingKey.generate()
    }

    @Test func `opens with every key and seals with the primary one`() throws {
        let ring = SealingKeyring(primary: self.new, others: [self.old])
        let before = try self.old.seal(Secret("before"), context: self.context)
        let after = try ring.seal(Secret("after"), context: self.context)
        #expect(try ring.open(before, context: self.context) == Secret("before"))
        #expect(try ring.open(after, context: self.context) == Secret("after"))
        #expect(try self.new.open(after, context: self.context) == Secret("after"))
        #expect(try ring.isOutdated(before))
        #expect(try !ring.isOutdated(after))
    }

    @Test func `says which key is missing`() throws {
        let ring = SealingKeyring(primary: self.new)
        let sealed = try self.old.seal(Secret("secret"), context: self.context)
        #expect(throws: CryptoError.unknownKey(identifier: Hexadecimal.encode(self.old.identifier))) {
            try ring.open(sealed, context: self.context)
        }
    }

    @Test func `says that bytes were altered and not that a key is missing`() throws {
        let ring = SealingKeyring(primary: self.new, others: [self.old])
        var sealed = try self.old.seal(Secret("secret"), context: self.context)
        sealed[sealed.count - 1] ^= 1
        #expect(throws: CryptoError.authenticationFailed) { try ring.open(sealed, context: self.context) }
        #expect(throws: CryptoError.malformedSealed) { try ring.open([1, 2, 3], context: self.context) }
    }
}
