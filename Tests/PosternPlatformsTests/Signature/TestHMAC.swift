import PosternCrypto
import PosternModel

/// Codes for tests that make up their bodies; the hash itself is proven in PosternCryptoTests.
enum TestHMAC {
    static func hex(_ key: String, _ message: [UInt8]) throws -> String {
        try HMACKey(.sha256, key: Secret(key)).authenticate(message.span).hexadecimal
    }
}
