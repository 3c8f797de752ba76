internal import COpenSSL

/// The provider's implementation of one hash function, fetched once for the life of the process.
///
/// `EVP_sha256()` and its like would search the providers again at every use.
///
/// Unchecked: the `EVP_MD` behind the pointer is never written to after the fetch and never freed.
@safe final class DigestMethod: @unchecked Sendable {
    private static let sha1 = DigestMethod(.sha1)
    private static let sha256 = DigestMethod(.sha256)
    private static let sha384 = DigestMethod(.sha384)
    private static let sha512 = DigestMethod(.sha512)

    private let method: OpaquePointer

    private init?(_ algorithm: DigestAlgorithm) {
        guard let method = unsafe EVP_MD_fetch(nil, algorithm.providerName, nil) else { return nil }
        unsafe self.method = method
    }

    /// Starts the hash function in `context`.
    ///
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when the configured providers do not offer it.
    static func start(_ algorithm: DigestAlgorithm, in context: OpaquePointer) throws(CryptoError) {
        let fetched: DigestMethod? =
            switch algorithm {
            case .sha1: Self.sha1
            case .sha256: Self.sha256
            case .sha384: Self.sha384
            case .sha512: Self.sha512
            }
        guard let fetched, unsafe EVP_DigestInit_ex2(context, fetched.method, nil) == 1 else {
            throw .libraryFailure(operation: "start \(algorithm.providerName)")
        }
    }
}
