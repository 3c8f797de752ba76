internal import PosternJSON
internal import PosternModel

/// The fields of an `application/x-www-form-urlencoded` text, decoded, in the order they came.
///
/// Reading never fails: a broken percent escape stands for itself.
///
/// Source: WHATWG URL Standard, section 5.1.
package struct FormBody: Sendable {
    /// The most fields that are kept.
    package static let fieldLimit = 10_000

    /// The fields in order; what is not UTF-8 after decoding reads as U+FFFD.
    package let pairs: [(name: String, value: String)]
    /// The offset of the first field whose decoded text is not UTF-8; `nil` when all is.
    package let malformedUTF8Offset: Int?
    /// Whether there were more fields than are kept.
    package let isCut: Bool

    /// Decodes a form body or the query of a URL.
    package init(bytes: [UInt8]) {
        var pairs: [(name: String, value: String)] = []
        var malformed: Int?
        var isCut = false
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            let field = bytes[start..<end]
            if !field.isEmpty {
                guard pairs.count < Self.fieldLimit else {
                    isCut = true
                    break
                }
                let middle = field.firstIndex(of: UInt8(ascii: "=")) ?? end
                let name = Self.decode(field[..<middle])
                let value = Self.decode(middle < end ? field[(middle + 1)...] : [])
                if name.isRepaired || value.isRepaired { malformed = malformed ?? start }
                pairs.append((name.text, value.text))
            }
            start = end + 1
        }
        self.pairs = pairs
        self.malformedUTF8Offset = malformed
        self.isCut = isCut
    }

    /// The first value of this name.
    package func first(_ name: String) -> String? { self.pairs.first { $0.name == name }?.value }

    /// The form as one JSON object: a member per name, with a string, or an array of them when the name is repeated.
    package func json() -> [UInt8] {
        var places: [String: Int] = [:]
        var fields: [(name: String, values: [String])] = []
        for (name, value) in self.pairs {
            if let place = places[name] {
                fields[place].values.append(value)
            } else {
                places[name] = fields.count
                fields.append((name, [value]))
            }
        }
        var writer = JSONWriter()
        writer.beginObject()
        for (name, values) in fields {
            writer.name(name)
            if values.count > 1 { writer.beginArray() }
            for value in values { writer.string(value) }
            if values.count > 1 { writer.endArray() }
        }
        writer.endObject()
        return writer.bytes
    }

    private static func decode(_ field: ArraySlice<UInt8>) -> (text: String, isRepaired: Bool) {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(field.count)
        var position = field.startIndex
        while position < field.endIndex {
            let byte = field[position]
            if byte == UInt8(ascii: "%"), field.endIndex - position > 2,
                let upper = Hexadecimal.value(of: field[position + 1]),
                let lower = Hexadecimal.value(of: field[position + 2])
            {
                decoded.append(upper << 4 | lower)
                position += 3
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                position += 1
            }
        }
        if let text = String(validating: decoded, as: UTF8.self) { return (text, false) }
        return (String(decoding: decoded, as: UTF8.self), true)
    }
}
