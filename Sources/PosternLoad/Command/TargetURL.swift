/// A URL under load, cut where a request needs it.
package struct TargetURL: Equatable, Sendable {
    /// Host without brackets.
    package let host: String
    /// The port; 80 unless the URL says.
    package let port: Int
    /// Host and port as in the URL, for `Host`.
    package let authority: String
    /// Path and query; `/` for a URL that ends with its host.
    package let path: String

    /// Cuts a URL.
    ///
    /// - Throws: ``LoadFailure/badOption(_:)`` for everything but `http://HOST[:PORT][/…]`.
    package init(_ url: String) throws(LoadFailure) {
        let scheme = "http://"
        guard url.hasPrefix(scheme) else {
            throw .badOption("--url \(url): a URL begins with http:// here; TLS is not spoken")
        }
        let rest = url.dropFirst(scheme.count)
        let pathStart = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<pathStart]
        let path = String(rest[pathStart...])
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .badOption("--url \(url): blanks, fragments and what is not ASCII do not belong into a URL")
        }
        self.authority = String(authority)
        self.path = path.hasPrefix("/") ? path : "/" + path
        let hostEnd = Self.hostEnd(authority)
        let portText = authority[hostEnd...]
        guard portText.isEmpty || portText.first == ":", let port = portText.isEmpty ? 80 : Int(portText.dropFirst()),
            (1...65_535).contains(port)
        else { throw .badOption("--url \(url): the port is a number from 1 to 65535") }
        var host = authority[..<hostEnd]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains("@") else { throw .badOption("--url \(url): there is no host in it") }
        self.host = String(host)
        self.port = port
    }

    /// Where the host ends: before the colon of the port, behind the bracket of an IPv6 address.
    private static func hostEnd(_ authority: Substring) -> Substring.Index {
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            return authority.index(after: bracket)
        }
        return authority.firstIndex(of: ":") ?? authority.endIndex
    }
}
