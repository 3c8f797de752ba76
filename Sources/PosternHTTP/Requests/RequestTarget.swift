package import NIOHTTP1

/// The form of a request target, checked.
package enum RequestTarget: Equatable, Sendable {
    /// A path, `*` for OPTIONS, or host and port for CONNECT: handed on exactly as sent.
    case asSent
    /// A whole URL: its authority counts instead of the `Host` field, the rest is the target.
    case absolute(authority: String, origin: String)

    /// Checks a target.
    ///
    /// Escapes, dot segments and repeated slashes are left alone: whoever compares a path must not have it changed on
    /// the way. Printable characters a URL should have escaped, such as `|`, pass, because senders forget; those that
    /// other programs cut or change (controls, `#`, `\`, anything beyond ASCII) do not.
    ///
    /// - Throws: ``Refusal/malformedRequest``.
    ///
    /// Source: RFC 9112, section 3.2; RFC 9110, sections 4.2.1 (no empty host), 4.2.4 (no user) and 9.3.6 (CONNECT).
    package init(_ target: String, method: HTTPMethod) throws(Refusal) {
        let bytes = target.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#"), byte != UInt8(ascii: "\\") else {
                throw .malformedRequest
            }
        }
        guard bytes.count > 0, method != .CONNECT else {
            guard bytes.count > 0, Self.hasPort(target) else { throw .malformedRequest }
            self = .asSent
            return
        }
        if bytes[0] == UInt8(ascii: "/") || (bytes.count == 1 && bytes[0] == UInt8(ascii: "*") && method == .OPTIONS) {
            self = .asSent
            return
        }
        self = try Self.absolute(target)
    }

    /// The head with this target: its own, or the path of the URL and the host the URL names.
    func applied(to head: HTTPRequestHead) -> HTTPRequestHead {
        guard case .absolute(let authority, let origin) = self else { return head }
        var head = head
        head.uri = origin
        head.headers.replaceOrAdd(name: "Host", value: authority)
        return head
    }

    private static func absolute(_ target: String) throws(Refusal) -> RequestTarget {
        guard let colon = target.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .malformedRequest }
        let scheme = String(target[..<colon])
        let rest = target[colon...]
        guard scheme.equalsASCII("http") || scheme.equalsASCII("https"), rest.utf8.starts(with: "://".utf8) else {
            throw .malformedRequest
        }
        let hierarchy = rest.dropFirst(3)
        let end =
            hierarchy.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? hierarchy.endIndex
        let authority = String(hierarchy[..<end])
        guard let first = authority.utf8.first, first != UInt8(ascii: ":"), HostField.isValid(authority) else {
            throw .malformedRequest
        }
        let path = hierarchy[end...]
        return .absolute(authority: authority, origin: path.utf8.first == UInt8(ascii: "/") ? String(path) : "/\(path)")
    }

    /// Whether this is a host and a port, neither empty.
    private static func hasPort(_ target: String) -> Bool {
        guard HostField.isValid(target), let last = target.utf8.last, let first = target.utf8.first else {
            return false
        }
        let hasDigits = last >= UInt8(ascii: "0") && last <= UInt8(ascii: "9")
        let colon = target.utf8.lastIndex(of: UInt8(ascii: ":"))
        let bracket = target.utf8.lastIndex(of: UInt8(ascii: "]"))
        guard let colon, first != UInt8(ascii: ":"), hasDigits else { return false }
        return bracket.map { $0 < colon } ?? true
    }
}
