package import PosternModel

/// A header field that a destination wants on every request, usually a credential.
package enum CustomHeader {
    /// Checks a name and a value as an operator gives them.
    package static func check(name: String, value: Secret) throws(CustomHeaderError) {
        guard name.utf8.count <= 256, Self.isToken(name) else { throw .badName }
        let lowercased = name.lowercased()
        guard !Self.isReserved(lowercased) else { throw .reservedName(lowercased) }
        guard value.bytes.count <= 8192, Self.isValue(value.bytes[...]) else { throw .badValue }
    }

    /// Whether a destination may have this field.
    package static func isAllowed(name: String, value: Secret) -> Bool {
        do throws(CustomHeaderError) {
            try Self.check(name: name, value: value)
            return true
        } catch {
            return false
        }
    }

    /// Whether a name may stand in a request: a token.
    ///
    /// Source: RFC 9110, section 5.6.2.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenASCII)
    }

    /// Whether a value may stand in a request: UTF-8 without controls but the tab.
    ///
    /// Source: RFC 9110, section 5.5.
    static func isValue(_ value: ArraySlice<UInt8>) -> Bool {
        value.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) } && String(validating: value, as: UTF8.self) != nil
    }

    /// Whether a name is one that Postern itself gives a meaning in every form.
    static func isOurs(_ lowercasedName: String) -> Bool {
        lowercasedName.hasPrefix("webhook-") || lowercasedName.hasPrefix("postern-")
    }

    /// Whether a destination's own field must not have this name.
    static func isReserved(_ lowercasedName: String) -> Bool {
        Self.isOurs(lowercasedName) || lowercasedName.hasPrefix("ce-") || Self.framing.contains(lowercasedName)
    }

    /// What decides where a request ends, whom it is for, and how its body is read.
    private static let framing: Set<String> = [
        "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
        "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}
