internal import COpenSSL

/// Bytes from libcrypto's random generator, fit for keys and nonces.
package enum RandomBytes {
    /// Makes `count` random bytes.
    package static func make(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= 65_536, "\(count) random bytes were asked for")
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        let made = unsafe span.withUnsafeMutableBufferPointer { buffer in
            unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
        }
        // Going on with predictable bytes would be worse than stopping.
        precondition(made == 1, "libcrypto has no randomness")
        return bytes
    }
}
