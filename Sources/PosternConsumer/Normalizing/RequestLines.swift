internal import PosternModel

/// The header lines of a stored delivery, read back.
///
/// The first line is `:target: /path?query`; the others are `name: value` with names in lower case. A line without a
/// colon and a space is skipped: what is stored is the gateway's own writing, and a delivery is not lost over it.
package struct RequestLines: Sendable {
    /// Path and query as they came; `/` when the lines do not say.
    package let target: String
    /// The header fields in their order.
    package let fields: [(name: String, value: String)]

    /// Reads the lines; invalid UTF-8 becomes the replacement character.
    package init(_ bytes: [UInt8]) {
        var target = "/"
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(16)
        let span = bytes.span
        var start = 0
        while start < span.count {
            let line = start
            let end = span.firstIndex(of: UInt8(ascii: "\n"), from: line, before: span.count) ?? span.count
            start = end + 1
            // The name of the first line begins with a colon itself.
            guard let colon = span.firstIndex(of: UInt8(ascii: ":"), from: line + 1, before: end) else { continue }
            let name = String(decoding: bytes[line..<colon], as: UTF8.self)
            let isBlank = colon + 1 < end && span[colon + 1] == UInt8(ascii: " ")
            let text = String(decoding: bytes[(colon + (isBlank ? 2 : 1))..<end], as: UTF8.self)
            if name == ":target" {
                target = text
            } else {
                fields.append((name, text))
            }
        }
        self.target = target
        self.fields = fields
    }

    /// The first field of that name, which must be in lower case.
    package func value(_ name: String) -> String? { self.fields.first { $0.name == name }?.value }

    /// The raw query behind the first question mark of the target.
    package var query: String? {
        guard let mark = self.target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return String(self.target[self.target.utf8.index(after: mark)...])
    }
}
