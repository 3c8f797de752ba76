internal import COpenSSL

/// Comparison whose duration tells nothing about where two secrets differ.
package enum ConstantTime {
    /// Tells whether the bytes are equal; only the lengths can be learned from the time it takes.
    ///
    /// Source: OpenSSL manual, CRYPTO_memcmp(3).
    package static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBufferPointer { leftBytes in
            unsafe right.withUnsafeBufferPointer { rightBytes in
                unsafe CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
            }
        }
    }
}
