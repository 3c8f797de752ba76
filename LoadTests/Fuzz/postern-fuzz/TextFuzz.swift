internal import PosternGateway
internal import PosternHTTP
internal import PosternModel
internal import PosternOutbound
internal import PosternPlatforms

/// Short texts of other people: times, addresses, identifiers, targets.
///
/// What is written is read as the same.
enum TextFuzz {
    static func read(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for time in [
            Timestamp(iso8601: text), Timestamp(httpDate: text), Timestamp(rubyDate: text),
            Timestamp(decimal: text, unit: .seconds), Timestamp(decimal: text, unit: .milliseconds),
        ] {
            if let time { _ = time.description }
        }
        if let id = UniqueID(text) { precondition(UniqueID(id.description) == id, "\(id) is read as another") }
        if let address = PeerAddress(text: text) {
            precondition(PeerAddress(text: address.description) == address, "\(address) is read as another")
        }
        if let network = NetworkPrefix(text: text) {
            precondition(NetworkPrefix(text: network.description) == network, "\(network) is read as another")
        }
        if let key = EndpointKey(text) { precondition(key.text == text, "\(key) is another") }
        if case .webhook(let key) = RequestPath(target: text) {
            precondition(text.hasPrefix("/webhooks/\(key)"), "\(key) is not in \(text)")
        }
        if let wait = RetryAfter.read(text, at: Timestamp(seconds: 1_795_244_400)) {
            precondition(wait >= .zero, "\(wait) is in the past")
        }
        _ = MediaType(text)
        _ = MediaType(sniffing: bytes)
    }
}
