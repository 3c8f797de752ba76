package import PosternHTTP

/// The URL of a destination: `http` or `https`, a host, and nothing that means one thing to one parser and another to
/// the next.
///
/// The host is a name in ASCII, or an address. Every way of writing an IPv4 address that `getaddrinfo` understands
/// (`2130706433`, `0x7f.1`, `017700000001`) is that address here too.
///
/// Source: RFC 3986, section 3; WHATWG URL Standard, "Host parsing".
package struct OutboundURL: Sendable, Equatable, CustomStringConvertible {
    /// The most bytes of a URL.
    package static let limitBytes = 2000

    /// The URL in its one spelling: scheme and host in lower case, addresses as numbers, no default port, never an
    /// empty path.
    package let text: String
    /// The host: a name, or an address without brackets.
    package let host: String
    /// The port: the scheme's own when none was written.
    package let port: Int
    /// Whether the scheme is `https`.
    package let isSecure: Bool
    /// The address, when the host is one.
    package let address: PeerAddress?

    package var description: String { self.text }

    /// Reads a URL.
    package init(_ text: String) throws(OutboundURLError) {
        guard text.utf8.count <= Self.limitBytes else { throw .tooLong(limitBytes: Self.limitBytes) }
        let (isSecure, rest) = try Self.scheme(text)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        let target = rest[end...]
        guard !authority.contains("@") else { throw .hasUser }
        let (written, port) = try Self.split(authority)
        guard !target.contains("#") else { throw .hasFragment }
        try Self.check(target)
        let host = try Self.host(written)
        self.isSecure = isSecure
        self.host = host.text
        self.address = host.address
        self.port = port ?? (isSecure ? 443 : 80)
        let shown = host.address?.family == .ipv6 ? "[\(host.text)]" : host.text
        let suffix = port == nil || port == (isSecure ? 443 : 80) ? "" : ":\(self.port)"
        self.text = "\(isSecure ? "https" : "http")://\(shown)\(suffix)\(target.hasPrefix("/") ? "" : "/")\(target)"
    }

    private static func scheme(_ text: String) throws(OutboundURLError) -> (isSecure: Bool, rest: Substring) {
        guard let mark = text.firstRange(of: "://") else { throw .badScheme }
        switch text[..<mark.lowerBound].lowercased() {
        case "https": return (true, text[mark.upperBound...])
        case "http": return (false, text[mark.upperBound...])
        default: throw .badScheme
        }
    }

    /// Parts the host, with its brackets, from the port.
    private static func split(_ authority: Substring) throws(OutboundURLError) -> (host: Substring, port: Int?) {
        guard !authority.isEmpty else { throw .noHost }
        var host = authority
        var digits: Substring?
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .badHost }
            host = authority[...bracket]
            let rest = authority[authority.index(after: bracket)...]
            guard rest.isEmpty || rest.first == ":" else { throw .badHost }
            digits = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            digits = authority[authority.index(after: colon)...]
        }
        guard let digits else { return (host, nil) }
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(Self.isDigit), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw .badPort }
        return (host, port)
    }

    private static func host(_ written: Substring) throws(OutboundURLError) -> (text: String, address: PeerAddress?) {
        guard !written.isEmpty, written != "[]" else { throw .noHost }
        if written.first == "[" {
            let inside = written.dropFirst().dropLast()
            guard inside.contains(":"), !inside.contains("%"), let address = PeerAddress(text: inside) else {
                throw .badHost
            }
            return (address.description, address)
        }
        guard written.utf8.allSatisfy({ $0 < 0x80 }) else { throw .internationalHost }
        let name = written.lowercased()
        switch NumericHost(name) {
        case .address(let address): return (address.description, address)
        case .refused: throw .badHost
        case .name: break
        }
        guard name.utf8.count <= 253,
            name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isLabel)
        else { throw .badHost }
        return (name, nil)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                Self.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    private static func check(_ target: Substring) throws(OutboundURLError) {
        var escape = 0
        for byte in target.utf8 {
            if escape > 0 {
                guard Self.isHexadecimal(byte) else { throw .badCharacter }
                escape -= 1
            } else if byte == UInt8(ascii: "%") {
                escape = 2
            } else {
                guard (0x21...0x7E).contains(byte), !Self.unwise.contains(byte) else { throw .badCharacter }
            }
        }
        guard escape == 0 else { throw .badCharacter }
    }

    /// Source: RFC 3986, appendix A: printable ASCII that no production of path and query holds.
    private static let unwise = Array("\"<>\\^`{|}[]".utf8)

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
