internal import COpenSSL

/// libcrypto, the library behind this module.
package enum CryptoLibrary {
    /// Keeps libcrypto from taking itself apart when the process ends; a program calls it before anything else.
    ///
    /// Otherwise a thread that ends while another one exits finds its part gone: a command was seen to end by a signal
    /// then, its output lost. The kernel takes everything back anyway.
    ///
    /// Source: OpenSSL 3.0, OPENSSL_init_crypto(3), `OPENSSL_INIT_NO_ATEXIT`.
    package static func stayUntilTheEnd() {
        // It can only fail where libcrypto was taken apart already.
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
