internal import COpenSSL

/// Key material that is wiped when the last owner lets go.
///
/// Unchecked: the memory is written in `init` and in `deinit` alone.
@safe final class KeyBytes: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// Copies the bytes; the caller's copy is the caller's to forget.
    init(_ bytes: [UInt8]) {
        unsafe self.memory = .allocate(capacity: bytes.count)
        unsafe _ = self.memory.initialize(from: bytes)
    }

    deinit {
        unsafe OPENSSL_cleanse(self.memory.baseAddress, self.memory.count)
        unsafe self.memory.deallocate()
    }

    /// Lends the bytes.
    func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(unsafe Span(_unsafeElements: UnsafeBufferPointer(self.memory)))
    }
}
