/// The plain digest of bytes that arrive in pieces.
///
/// Belongs to one thread at a time.
package struct HashStream: ~Copyable {
    private var context = DigestContext()

    /// Starts a computation.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when the providers do not offer the hash function.
    package init(_ algorithm: DigestAlgorithm) throws(CryptoError) { try self.context.start(algorithm) }

    /// Hashes the next piece.
    package mutating func update(_ bytes: RawSpan) { self.context.update(bytes) }

    /// Hashes the next piece.
    package mutating func update(_ bytes: Span<UInt8>) { self.context.update(bytes) }

    /// Ends the computation.
    package consuming func finish() -> Digest { self.context.finish() }

    /// The digest of bytes that are at hand as a whole.
    package static func digest(_ algorithm: DigestAlgorithm, _ bytes: Span<UInt8>) throws(CryptoError) -> Digest {
        var stream = try HashStream(algorithm)
        stream.update(bytes)
        return stream.finish()
    }
}
