internal import PosternCrypto

/// Takes the pieces of a signed message.
protocol MessageSink: ~Copyable {
    /// Takes the next bytes.
    mutating func update(_ bytes: Span<UInt8>)
}

extension HMACStream: MessageSink {}
extension HMACFan: MessageSink {}
extension HashStream: MessageSink {}
