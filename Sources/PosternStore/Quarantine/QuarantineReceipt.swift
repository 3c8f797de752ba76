package import PosternCrypto

/// What became of requests that were to be quarantined.
package struct QuarantineReceipt: Sendable, Equatable {
    /// How many are stored.
    package var stored = 0
    /// How many their endpoint's bytes, or the share of their sender, left no room for.
    package var full = 0
    /// How many could not be sealed, and why the last one could not.
    package var unsealed = 0
    package var sealingError: CryptoError?

    /// Counts requests that were stored, and those there was no room for.
    package init(stored: Int = 0, full: Int = 0) {
        self.stored = stored
        self.full = full
    }
}
