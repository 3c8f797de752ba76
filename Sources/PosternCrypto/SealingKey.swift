internal import COpenSSL
package import PosternModel

/// A key that seals secrets at rest with AES-256-GCM; wiped when the last copy is gone.
///
/// A sealed secret is: one byte version (1), four bytes key identifier, twelve bytes random nonce, the ciphertext, and
/// sixteen bytes tag. The context (the endpoint's identifier) is authenticated but not stored, so a sealed secret moved
/// to another row does not open.
///
/// Source: NIST SP 800-38D; the nonce is random, which bounds one key to 2^32 seals (section 8.3).
package struct SealingKey: Sendable {
    /// How long a key is.
    package static let byteCount = 32
    static let version: UInt8 = 1
    static let identifierByteCount = 4

    /// The first four bytes of the key's SHA-256: enough to find the key, useless to guess it.
    package let identifier: [UInt8]
    private let key: KeyBytes

    /// Takes the bytes of a key.
    ///
    /// - Throws: ``CryptoError/malformedKey(_:)`` unless there are 32.
    package init(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.byteCount else {
            throw .malformedKey("it has \(bytes.count) bytes, not \(Self.byteCount)")
        }
        self.identifier = Array(try HashStream.digest(.sha256, bytes.span).bytes.prefix(Self.identifierByteCount))
        self.key = KeyBytes(bytes)
    }

    /// Reads a key file: base64 of 32 bytes, blanks around it ignored.
    ///
    /// - Throws: ``CryptoError/malformedKey(_:)`` for anything else.
    package init(fileText: some StringProtocol) throws(CryptoError) {
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        let text = fileText.utf8.drop(while: blanks.contains).reversed().drop(while: blanks.contains).reversed()
        guard let bytes = Base64.decode(text) else { throw .malformedKey("it is not base64") }
        try self.init(bytes)
    }

    /// Makes a new random key.
    package static func generate() throws(CryptoError) -> SealingKey {
        try SealingKey(RandomBytes.make(Self.byteCount))
    }

    /// What to write into a key file: base64 and a line end.
    ///
    /// Secret, and the only way out for the bytes.
    package var fileText: String {
        self.key.withBytes { bytes in
            Base64.encode(bytes.indices.map { bytes[$0] }) + "\n"
        }
    }

    /// Seals a secret for one context.
    package func seal(_ secret: Secret, context: [UInt8]) throws(CryptoError) -> [UInt8] {
        let nonce = RandomBytes.make(AuthenticatedCipher.nonceByteCount)
        let box = self.key.withBytes { key in
            AuthenticatedCipher.seal(secret.bytes, key: key, nonce: nonce, associated: context)
        }
        guard let box else { throw .libraryFailure(operation: "AES-256-GCM encryption") }
        return [Self.version] + self.identifier + nonce + box
    }

    /// Opens what ``seal(_:context:)`` made with this key and the same context.
    ///
    /// - Throws: ``CryptoError/malformedSealed``, ``CryptoError/unknownKey(identifier:)`` when another key sealed it, or
    ///   ``CryptoError/authenticationFailed``.
    package func open(_ sealed: [UInt8], context: [UInt8]) throws(CryptoError) -> Secret {
        let identifier = try Self.identifier(of: sealed)
        guard identifier == self.identifier else {
            throw .unknownKey(identifier: Hexadecimal.encode(identifier))
        }
        let body = sealed.dropFirst(1 + Self.identifierByteCount)
        let nonce = Array(body.prefix(AuthenticatedCipher.nonceByteCount))
        let box = Array(body.dropFirst(AuthenticatedCipher.nonceByteCount))
        let opened = self.key.withBytes { key in
            AuthenticatedCipher.open(box, key: key, nonce: nonce, associated: context)
        }
        guard let opened else { throw .authenticationFailed }
        return Secret(opened)
    }

    /// Reads which key sealed the bytes, so that an operator can see what a rotation has left to do.
    ///
    /// - Throws: ``CryptoError/malformedSealed``.
    package static func identifier(of sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        let overhead =
            1 + Self.identifierByteCount + AuthenticatedCipher.nonceByteCount + AuthenticatedCipher.tagByteCount
        guard sealed.count >= overhead, sealed.first == Self.version else { throw .malformedSealed }
        return Array(sealed[1...Self.identifierByteCount])
    }
}
