internal import PosternModel

/// Reads the names proxies give to those they forward for.
enum ForwardedNode {
    /// Reads an address, with a port or without.
    ///
    /// - Parameters:
    ///   - text: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]` or `[2001:db8::1]:80`; escapes are not undone, because
    ///     no address needs one.
    ///   - mayBeBareIPv6: Whether IPv6 addresses come without brackets too, as in `X-Forwarded-For`.
    /// - Returns: The address; `nil` for `unknown`, an obfuscated name (`_hidden`) and anything else.
    ///
    /// Source: RFC 7239, section 6.
    static func address(_ text: Substring, mayBeBareIPv6: Bool) -> PeerAddress? {
        // A zone means nothing on another machine.
        guard text.utf8.count <= 80, !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
        if text.utf8.first == UInt8(ascii: "[") {
            guard let bracket = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let inside = text[text.utf8.index(after: text.startIndex)..<bracket]
            let port = text[text.utf8.index(after: bracket)...]
            guard inside.utf8.contains(UInt8(ascii: ":")), port.isEmpty || Self.isPort(port) else { return nil }
            return PeerAddress(text: inside)
        }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return PeerAddress(text: text) }
        if let address = PeerAddress(text: text[..<colon]), Self.isPort(text[colon...]) { return address }
        return mayBeBareIPv6 ? PeerAddress(text: text) : nil
    }

    /// Whether this is a colon and a port, in digits or obfuscated.
    private static func isPort(_ text: Substring) -> Bool {
        let port = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: ":"), let first = port.first else { return false }
        if first == UInt8(ascii: "_") { return port.count > 1 && port.allSatisfy(Self.isNameByte) }
        return port.count <= 5 && port.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigitASCII || "._-".utf8.contains(byte)
    }
}
