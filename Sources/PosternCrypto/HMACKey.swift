internal import COpenSSL
package import PosternModel

/// A secret made ready for HMAC: both padded blocks are hashed once, and each message continues from a copy.
///
/// libcrypto's own HMAC object is not used: a keyed `EVP_MAC_CTX` that has been finished must not be duplicated (the
/// copy yields a wrong MAC, seen with OpenSSL 3.0), and keying one per message costs two more compressions.
///
/// Unchecked: the two contexts are written in `init` alone; afterwards every use copies from them, which is a pure read.
///
/// Source: RFC 2104, section 2 and section 4 (the precomputed intermediate results).
package final class HMACKey: @unchecked Sendable {
    /// The hash function inside.
    package let algorithm: DigestAlgorithm
    private let inner: DigestContext
    private let outer: DigestContext

    /// Prepares a key of any length, the empty one included.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when the providers do not offer the hash function.
    package init(_ algorithm: DigestAlgorithm, key: Secret) throws(CryptoError) {
        self.algorithm = algorithm
        var block = InlineArray<128, UInt8>(repeating: 0)
        if key.bytes.count > algorithm.blockByteCount {
            var stream = try HashStream(algorithm)
            stream.update(key.bytes.span)
            let digest = stream.finish()
            digest.withBytes { bytes in
                for index in bytes.indices { block[index] = bytes[index] }
            }
        } else {
            for index in key.bytes.indices { block[index] = key.bytes[index] }
        }
        self.inner = try Self.start(algorithm, &block, mask: 0x36)
        // The block now holds key ^ 0x36.
        self.outer = try Self.start(algorithm, &block, mask: 0x36 ^ 0x5C)
        var span = block.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { buffer in
            unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        }
    }

    private static func start(
        _ algorithm: DigestAlgorithm,
        _ block: inout InlineArray<128, UInt8>,
        mask: UInt8
    ) throws(CryptoError) -> DigestContext {
        var context = DigestContext()
        try context.start(algorithm)
        for index in block.indices { block[index] ^= mask }
        context.update(block.span.extracting(0..<algorithm.blockByteCount))
        return context
    }

    /// The authentication code of one message that is at hand as a whole.
    package func authenticate(_ bytes: RawSpan) -> Digest {
        var stream = HMACStream(self)
        stream.update(bytes)
        return stream.finish()
    }

    /// The authentication code of one message that is at hand as a whole.
    package func authenticate(_ bytes: Span<UInt8>) -> Digest {
        var stream = HMACStream(self)
        stream.update(bytes)
        return stream.finish()
    }

    /// Puts `context` at the beginning of a message.
    func begin(_ context: inout DigestContext) { context.copy(self.inner) }

    /// Ends the message in `context` and gives its code.
    func finish(_ context: inout DigestContext) -> Digest {
        let hashed = context.finish()
        context.copy(self.outer)
        hashed.withBytes { context.update($0) }
        return context.finish()
    }
}
