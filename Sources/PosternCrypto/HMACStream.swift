/// The authentication code of one message that arrives in pieces.
///
/// Belongs to one thread at a time.
package struct HMACStream: ~Copyable {
    private let key: HMACKey
    private var context = DigestContext()

    /// Starts a message under `key`.
    package init(_ key: HMACKey) {
        self.key = key
        key.begin(&self.context)
    }

    /// Hashes the next piece.
    package mutating func update(_ bytes: RawSpan) { self.context.update(bytes) }

    /// Hashes the next piece.
    package mutating func update(_ bytes: Span<UInt8>) { self.context.update(bytes) }

    /// Ends the message.
    package consuming func finish() -> Digest { self.key.finish(&self.context) }
}
