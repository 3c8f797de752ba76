package import PosternCrypto
package import PosternModel

/// What the ledger remembers of an event's key: enough to know it again, of one size whatever the platform sends.
///
/// The first 16 bytes of SHA-256 over the endpoint's identifier, the account, a zero byte and the key. The endpoint is
/// part of it because identifiers of different apps and bots may collide, the account because a platform may send one
/// event to several accounts of one app (X: a direct message between two of them).
package struct LedgerKey: Hashable, Sendable {
    package let id: UniqueID

    /// Computes the ledger's key of an event key.
    ///
    /// - Parameters:
    ///   - endpoint: where the event came in.
    ///   - account: the platform's identifier of the account it is about; none is the same as an empty one.
    ///   - key: the platform definition's key.
    /// - Throws: ``CryptoError/libraryFailure(operation:)`` when libcrypto has no SHA-256.
    package init(endpoint: EndpointID, account: String?, key: String) throws(CryptoError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(17 + (account?.utf8.count ?? 0) + key.utf8.count)
        for half in [endpoint.id.high, endpoint.id.low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        if let account { bytes.append(contentsOf: account.utf8) }
        bytes.append(0)
        bytes.append(contentsOf: key.utf8)
        self.id = try HashStream.digest(.sha256, bytes.span).withBytes { digest in
            var halves: (high: UInt64, low: UInt64) = (0, 0)
            for index in 0..<8 {
                halves.high = halves.high << 8 | UInt64(digest[index])
                halves.low = halves.low << 8 | UInt64(digest[index + 8])
            }
            return UniqueID(high: halves.high, low: halves.low)
        }
    }
}
