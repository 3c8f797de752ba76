internal import COpenSSL

/// AES-256-GCM over whole buffers.
///
/// Source: OpenSSL manual, EVP_EncryptInit(3), "AEAD Interface".
@safe enum AuthenticatedCipher {
    /// The nonce length GCM is made for.
    static let nonceByteCount = 12
    /// The full-length tag.
    static let tagByteCount = 16

    /// Encrypts; gives ciphertext and tag in one, or `nil` when libcrypto fails.
    static func seal(_ plain: [UInt8], key: Span<UInt8>, nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
        Self.run(plain[...], key: key, nonce: nonce, associated: associated, tag: nil)
    }

    /// Decrypts ciphertext and tag; `nil` when anything was altered.
    static func open(_ box: [UInt8], key: Span<UInt8>, nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
        guard box.count >= Self.tagByteCount else { return nil }
        return Self.run(
            box.dropLast(Self.tagByteCount),
            key: key,
            nonce: nonce,
            associated: associated,
            tag: Array(box.suffix(Self.tagByteCount))
        )
    }

    /// Decrypts when there is a tag to check, encrypts and appends the tag otherwise.
    private static func run(
        _ input: ArraySlice<UInt8>,
        key: Span<UInt8>,
        nonce: [UInt8],
        associated: [UInt8],
        tag: [UInt8]?
    ) -> [UInt8]? {
        precondition(key.count == 32 && nonce.count == Self.nonceByteCount, "wrong key or nonce length")
        guard input.count <= 1 << 30, associated.count <= 1 << 30, let context = unsafe EVP_CIPHER_CTX_new() else {
            return nil
        }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let encrypts: Int32 = tag == nil ? 1 : 0
        let started = unsafe key.withUnsafeBufferPointer { keyBytes in
            unsafe EVP_CipherInit_ex(
                context,
                EVP_aes_256_gcm(),
                nil,
                keyBytes.baseAddress,
                nonce,
                encrypts
            )
        }
        var written: Int32 = 0
        guard started == 1,
            unsafe EVP_CipherUpdate(context, nil, &written, associated, Int32(associated.count)) == 1
        else { return nil }

        var output = [UInt8](repeating: 0, count: input.count)
        if !input.isEmpty {
            let updated = unsafe EVP_CipherUpdate(context, &output, &written, Array(input), Int32(input.count))
            guard updated == 1, Int(written) == input.count else { return nil }
        }
        if var tag {
            guard
                unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
            else { return nil }
        }
        // Writes nothing for a stream mode; when decrypting it compares the tag.
        var rest = [UInt8](repeating: 0, count: 16)
        guard unsafe EVP_CipherFinal_ex(context, &rest, &written) == 1 else {
            unsafe OPENSSL_cleanse(&output, output.count)
            return nil
        }
        if tag == nil {
            var made = [UInt8](repeating: 0, count: Self.tagByteCount)
            guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(made.count), &made) == 1 else {
                return nil
            }
            output += made
        }
        return output
    }
}
