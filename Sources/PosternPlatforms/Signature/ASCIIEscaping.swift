internal import PosternModel

/// JSON with every character outside ASCII written as `\uXXXX`, lowercase, surrogate pairs for the far planes.
///
/// Source: third-party only: what Python's `json.dumps` does by default, which TikTok's ads callbacks are said to sign.
enum ASCIIEscaping {
    /// Rewrites a body; bytes that are no UTF-8 become the escape of U+FFFD.
    static func escape(_ body: [UInt8]) -> [UInt8] {
        guard body.contains(where: { $0 >= 0x80 }) else { return body }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(body.count + body.count / 2)
        for unit in String(decoding: body, as: UTF8.self).utf16 {
            if unit < 0x80 {
                escaped.append(UInt8(truncatingIfNeeded: unit))
            } else {
                escaped += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                for shift in [12, 8, 4, 0] {
                    escaped.append(Hexadecimal.digit(of: UInt8(truncatingIfNeeded: unit >> UInt16(shift))))
                }
            }
        }
        return escaped
    }
}
