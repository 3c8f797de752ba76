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
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[rest.startIndex..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            // The name of the first line begins with a colon itself.
            guard let colon = line.dropFirst().firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[line.startIndex..<colon], as: UTF8.self)
            var value = line[(colon + 1)...]
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            let text = String(decoding: value, as: UTF8.self)
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
