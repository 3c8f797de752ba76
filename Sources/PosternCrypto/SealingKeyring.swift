package import PosternModel

/// The keys in force: one that seals, and older ones that still open what they once sealed.
package struct SealingKeyring: Sendable {
    /// The key everything new is sealed with.
    package let primary: SealingKey
    private let others: [SealingKey]

    /// Joins the sealing key and the retired ones.
    package init(primary: SealingKey, others: [SealingKey] = []) {
        self.primary = primary
        self.others = others
    }

    /// Seals with the primary key.
    package func seal(_ secret: Secret, context: [UInt8]) throws(CryptoError) -> [UInt8] {
        try self.primary.seal(secret, context: context)
    }

    /// Opens with whichever key sealed.
    ///
    /// - Throws: ``CryptoError/unknownKey(identifier:)`` when none of the keys did, and what
    ///   ``SealingKey/open(_:context:)`` throws.
    package func open(_ sealed: [UInt8], context: [UInt8]) throws(CryptoError) -> Secret {
        let identifier = try SealingKey.identifier(of: sealed)
        // Two keys may share an identifier by accident, so the last word belongs to the tag.
        var outcome = CryptoError.unknownKey(identifier: Hexadecimal.encode(identifier))
        for key in [self.primary] + self.others where key.identifier == identifier {
            do {
                return try key.open(sealed, context: context)
            } catch {
                outcome = error
            }
        }
        throw outcome
    }

    /// Tells whether the bytes were sealed under another key than the primary one, and should be sealed anew.
    package func isOutdated(_ sealed: [UInt8]) throws(CryptoError) -> Bool {
        try SealingKey.identifier(of: sealed) != self.primary.identifier
    }
}
