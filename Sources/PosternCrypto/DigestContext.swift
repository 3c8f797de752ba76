internal import COpenSSL

/// One running hash computation: the only owner of an `EVP_MD_CTX`.
///
/// A context belongs to one thread at a time; copying *from* it is a pure read and may happen on several at once.
@safe struct DigestContext: ~Copyable {
    private let context: OpaquePointer

    /// Allocates a context that holds no computation yet.
    init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto could not allocate a digest context: out of memory")
        }
        unsafe self.context = context
    }

    // Frees and wipes: the provider clears its state with OPENSSL_clear_free.
    deinit { unsafe EVP_MD_CTX_free(self.context) }

    /// Begins a new computation.
    mutating func start(_ algorithm: DigestAlgorithm) throws(CryptoError) {
        try unsafe DigestMethod.start(algorithm, in: self.context)
    }

    /// Replaces the computation by the state `source` is in.
    mutating func copy(_ source: borrowing DigestContext) {
        let copied = unsafe EVP_MD_CTX_copy_ex(self.context, source.context)
        precondition(copied == 1, "libcrypto could not copy a digest context: out of memory")
    }

    /// Hashes the next bytes.
    mutating func update(_ bytes: RawSpan) {
        let updated = unsafe bytes.withUnsafeBytes { buffer in
            unsafe EVP_DigestUpdate(self.context, buffer.baseAddress, buffer.count)
        }
        precondition(updated == 1, "libcrypto refused to hash \(bytes.byteCount) bytes")
    }

    /// Hashes the next bytes.
    mutating func update(_ bytes: Span<UInt8>) {
        let updated = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe EVP_DigestUpdate(self.context, buffer.baseAddress, buffer.count)
        }
        precondition(updated == 1, "libcrypto refused to hash \(bytes.count) bytes")
    }

    /// Ends the computation; the context must be started or copied into again before more is hashed.
    mutating func finish() -> Digest {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var count: UInt32 = 0
        var span = bytes.mutableSpan
        let finished = unsafe span.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_DigestFinal_ex(self.context, buffer.baseAddress, &count)
        }
        precondition(finished == 1, "libcrypto could not finish a digest")
        return Digest(bytes, count: Int(count))
    }
}
